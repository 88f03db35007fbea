import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DIST, TEMPLATES } from "./support/cli.ts";
import { KINDS, VERSIONS } from "./support/project.ts";

const ROOT = join(import.meta.dirname, "../../..");
const readJson = (...path: readonly string[]) => JSON.parse(readFileSync(join(...path), "utf8"));
const bundle = readdirSync(DIST).filter((name) => name.endsWith(".js"));

test("the bundle needs no package: it imports nothing but itself and Node", () => {
  const imports = bundle.flatMap((name) =>
    [...readFileSync(join(DIST, name), "utf8").matchAll(/(?:\bfrom|\bimport\(?)\s*"([^"]+)"/g)].map(
      ([, from = ""]) => from,
    ),
  );
  expect(imports.length).toBeGreaterThan(5);
  expect(imports.filter((from) => !/^(?:node:|\.\/[\w-]+\.js$)/.test(from))).toEqual([]);
});

test("everything that is bundled has its licence in the notices", () => {
  const notices = readFileSync(join(DIST, "THIRD-PARTY-LICENSES"), "utf8");
  const { devDependencies } = readJson(ROOT, "packages/create-hardened-mcp/package.json");
  const clack = join(ROOT, "packages/create-hardened-mcp/node_modules/@clack/prompts/package.json");
  const needed = ["@clack/prompts", ...Object.keys(readJson(clack).dependencies), "fast-string-truncated-width"];
  expect(needed).toContain("sisteransi");
  for (const name of needed)
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)\\n\\n[^-]*(?:MIT|copyright)`, "im"));
  expect(notices).toContain(`@clack/prompts ${devDependencies["@clack/prompts"]} (MIT)`);
});

describe("the templates in the package", () => {
  test("are those of the workspace", () => {
    const folders = (path: string) =>
      readdirSync(path, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));
    expect(folders(TEMPLATES)).toEqual(folders(join(ROOT, "templates")));
    const stray = readdirSync(TEMPLATES, { recursive: true, encoding: "utf8" });
    expect(
      stray.filter((path) =>
        /(?:^|\/)(?:node_modules|dist|secrets|\.turbo|\.git.*|\.npmrc)(?:\/|$)|tsbuildinfo|\.db$|manifest\.json$/.test(
          path,
        ),
      ),
    ).toEqual([]);
  });

  test("have the versions that the workspace has, exactly", () => {
    const ours = new Map(
      ["packages", "servers"].flatMap((folder) =>
        readdirSync(join(ROOT, folder)).map((name) => {
          const { name: full, version } = readJson(ROOT, folder, name, "package.json");
          return [full as string, version as string] as const;
        }),
      ),
    );
    const root = readJson(ROOT, "package.json").devDependencies;
    const server = readJson(ROOT, "packages/server/package.json");
    const state = readJson(ROOT, "packages/state/package.json").devDependencies;
    const known: Record<string, string> = {
      ...state,
      ...server.devDependencies,
      ...server.dependencies,
      ...root,
      ...Object.fromEntries(ours),
    };
    for (const kind of KINDS) {
      const { dependencies, devDependencies } = readJson(TEMPLATES, kind, "package.json");
      const all = { ...dependencies, ...devDependencies };
      expect(all, kind).toEqual(Object.fromEntries(Object.keys(all).map((name) => [name, known[name]])));
    }
    expect(VERSIONS.drivers).toEqual({
      "better-sqlite3": state["better-sqlite3"],
      ioredis: state["ioredis"],
      pg: state["pg"],
    });
    expect(VERSIONS.version).toBe(ours.get("create-hardened-mcp"));
  });
});
