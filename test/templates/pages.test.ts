import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BUILT, type Chosen, DEPLOYED, keepRegions } from "./support/shared.ts";

const TEMPLATES = fileURLToPath(new URL("../../templates/", import.meta.url));
const kinds = globSync("*/package.json", { cwd: TEMPLATES }).map((path) => dirname(path));
const SHARED_PAGES = globSync("*.md", { cwd: join(TEMPLATES, "shared") });

/** What the scaffolder or the operator makes: it is in no template. */
const MADE = /^(server\.http\.json|deploy\/server\.config\.json|secrets\/[\w.-]*)$/;

const CHOSEN: readonly Chosen[] = [...BUILT, ...DEPLOYED];

describe.each(kinds)("the pages of the template %s", (kind) => {
  const places = [join(TEMPLATES, kind), join(TEMPLATES, "shared")];
  // A dot file stands with `_` in a template.
  const exists = (path: string) =>
    MADE.test(path) ||
    places.some((place) => [path, path.replace(/^\./, "_")].some((one) => existsSync(join(place, one))));
  const read = (page: string) => readFileSync(places.map((place) => join(place, page)).find(existsSync) ?? "", "utf8");
  /** A page as all projects of this kind get it, one after the other. */
  const textOf = (page: string) => CHOSEN.map((one) => keepRegions(read(page), { ...one, template: kind })).join("\n");
  const { scripts } = JSON.parse(read("package.json"));
  const pages = [...new Set([...globSync("*.md", { cwd: places[0] ?? "" }), ...SHARED_PAGES])];

  it("are a README, a SECURITY, and those that all have", () => {
    expect(pages.sort()).toEqual(["AGENTS.md", "DEPLOYMENT.md", "README.md", "SECURITY.md"]);
  });

  it.each(pages)("%s links to files that the project has", (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, target]) => target ?? "");
    expect(links.filter((target) => !exists(normalize(target)))).toEqual([]);
  });

  it.each(pages)("%s names paths that the project has", (page) => {
    const paths = [
      ...textOf(page).matchAll(/`((?:src|test|policy|deploy|clients|data|files|sample|secrets|\.github)\/[^`* ]*)`/g),
    ];
    expect(paths.map(([, path]) => path ?? "").filter((path) => !exists(path))).toEqual([]);
  });

  it.each(pages)("%s names scripts that the project has", (page) => {
    const named = [...textOf(page).matchAll(/npm (?:run ([\w:-]+)|(test|start))/g)].map(
      ([, run, bare]) => run ?? bare ?? "",
    );
    // Added where both transports were chosen.
    const known = [...Object.keys(scripts), "start:http", "dev:http"];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("SECURITY.md promises what a test of that name holds", () => {
    const tests = [...textOf("SECURITY.md").matchAll(/`([\w/-]+\.test\.ts)`/g)].map(([, name]) => name ?? "");
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((name) => !exists(`test/${name}`))).toEqual([]);
  });
});
