import { writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { loadConfig } from "@hardened-mcp/server/command-line";
import { describe, expect, test } from "vitest";
import type { Project } from "../../src/options/project.ts";
import { resolveProject } from "../../src/options/resolve.ts";
import { tempFolder } from "../support/cli.ts";
import { everyChoice, KINDS, planOf, projectOf } from "../support/project.ts";

const all = everyChoice();
const made = all.map(projectOf).filter((project): project is Project => project !== "refused");
const plans = made.map((project) => [project, planOf(project)] as const);

/** Everything wrong in any plan, each once, with the first choice that shows it. */
function findings(look: (plan: ReadonlyMap<string, string>, project: Project) => Iterable<string>): readonly string[] {
  const seen = new Map<string, string>();
  for (const [project, plan] of plans) {
    const { template, transport, auth, state, pm } = project;
    for (const one of look(plan, project))
      if (!seen.has(one)) seen.set(one, [template, transport, auth, state, pm].join(" "));
  }
  return [...seen].map(([what, where]) => `${what} (${where})`);
}

test("every combination is made, but for callers on stdio", () => {
  expect(all).toHaveLength(KINDS.length * 3 * 4 * 3 * 4);
  expect(made).toHaveLength(KINDS.length * (1 + 4 + 4) * 3 * 4);
});

describe("in every combination", () => {
  test("no marker, no placeholder's name and nothing of the workspace is left", () => {
    const LEFT = /^\s*(?:<!--|#|\/\/)\s*(?:only:|end only).*$|\bworkspace:|(?<![A-Za-z0-9])my-server(?![A-Za-z0-9]).*/m;
    expect(
      findings(function* (plan) {
        for (const [path, text] of plan) {
          if (/my-server|^_|\/_(?!meta)/.test(path)) yield path;
          const [left] = LEFT.exec(text) ?? [];
          if (left !== undefined) yield `${path}: ${left}`;
        }
      }),
    ).toEqual([]);
  });

  test("every JSON file can be parsed, and no text ends without a line end or with two", () => {
    expect(
      findings(function* (plan) {
        for (const [path, text] of plan) {
          if (path.endsWith(".json")) JSON.parse(text);
          if (text !== "" && /(?:^|[^\n])$|\n\n$/.test(text) && !/\n$/.test(text)) yield path;
          if (/\n\n$/.test(text)) yield path;
        }
      }),
    ).toEqual([]);
  });

  test("every relative link of a page leads to a file", () => {
    expect(
      findings(function* (plan) {
        const folders = new Set([...plan.keys()].map((path) => posix.dirname(path)));
        for (const [path, text] of plan) {
          if (!path.endsWith(".md")) continue;
          for (const [, link = ""] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
            if (/^[a-z]+:/.test(link)) continue;
            const to = posix.normalize(posix.join(posix.dirname(path), link)).replace(/\/$/, "");
            if (!plan.has(to) && !folders.has(to)) yield `${path}: ${link}`;
          }
        }
      }),
    ).toEqual([]);
  });

  test("no page speaks of a way in, or of rights, that the project does not have", () => {
    const STDIO = /\bstdio\b|standard input|client starts|Claude Desktop|user who starts|local\.roles/i;
    const HTTP = /\bover HTTP\b|start:http|clients\/http|127\.0\.0\.1:3000/i;
    expect(
      findings(function* (plan, { transport, auth }) {
        for (const [path, text] of plan) {
          if (!path.endsWith(".md")) continue;
          const wrong = [
            ...(transport === "http" ? [STDIO] : []),
            ...(transport === "stdio" ? [HTTP] : []),
            ...(auth === "none" ? [/give the caller the role/] : []),
          ];
          for (const words of wrong) {
            const [said] = words.exec(text) ?? [];
            if (said !== undefined) yield `${path}: ${said}`;
          }
        }
      }),
    ).toEqual([]);
  });

  test("DEPLOYMENT.md says of each client's file where it goes, and of no other", () => {
    expect(
      findings(function* (plan) {
        const there = [...plan.keys()].flatMap((path) => /^clients\/.+\/(.+)$/.exec(path)?.[1] ?? []);
        const named = (plan.get("DEPLOYMENT.md") ?? "").matchAll(/^\| [^|]+ \| `([a-z-]+\.json)` \|/gm);
        const rows = [...named].map(([, file]) => file ?? "").sort();
        if (String(rows) !== String([...new Set(there)].sort())) yield rows.join();
      }),
    ).toEqual([]);
  });

  test("no file is there whose condition does not hold, and all of those that do", () => {
    const has = (plan: ReadonlyMap<string, string>, path: string) => plan.has(path);
    expect(
      findings(function* (plan, { transport, auth, state, pm }) {
        const http = transport !== "stdio";
        const expected: readonly (readonly [string, boolean])[] = [
          ["server.config.json", true],
          ["server.http.json", transport === "both"],
          ["deploy/server.config.json", http && auth !== "none"],
          ["secrets/api-key", auth === "api-key"],
          ["secrets/state-url", state !== "sqlite"],
          ["secrets/state.key", state !== "sqlite"],
          [".npmrc", pm === "npm"],
          ["pnpm-workspace.yaml", pm === "pnpm"],
          [".yarnrc.yml", pm === "yarn"],
          ["bunfig.toml", pm === "bun"],
        ];
        for (const [path, wanted] of expected) if (has(plan, path) !== wanted) yield path;
        for (const path of plan.keys()) {
          if (/kubernetes|compose/.test(path) && (!http || auth === "none")) yield path;
          if (path.endsWith(".service") && !http) yield path;
        }
      }),
    ).toEqual([]);
  });

  test("no secret is in a file that others can read", () => {
    expect(
      findings(function* (plan) {
        const secrets = [...plan].filter(([path]) => /^secrets\/(?:api-key|state\.key)$/.test(path));
        for (const [path, text] of plan) {
          if (!path.startsWith("secrets/") && secrets.some(([, secret]) => text.includes(secret.trim()))) yield path;
        }
        if (!plan.get(".gitignore")?.split("\n").includes("secrets/")) yield ".gitignore";
      }),
    ).toEqual([]);
  });

  test("the versions are exact, and the store's driver is among them, and no other store's", () => {
    const DRIVERS = { sqlite: "better-sqlite3", postgres: "pg", redis: "ioredis" };
    expect(
      findings(function* (plan, { state }) {
        const { dependencies, devDependencies } = JSON.parse(plan.get("package.json") ?? "");
        for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
          if (!/^\d+\.\d+\.\d+$/.test(String(version))) yield `${name} ${version}`;
        }
        for (const [one, driver] of Object.entries(DRIVERS))
          if (driver in dependencies !== (one === state)) yield driver;
      }),
    ).toEqual([]);
  });

  test("whoever follows a page, the workflow or the Dockerfile runs the package manager that was chosen, and scripts that there are", () => {
    const OF = { npm: "npm", npx: "npm", pnpm: "pnpm", pnpx: "pnpm", yarn: "yarn", bun: "bun", bunx: "bun" };
    const COMMAND = /(?<![\w./@-])(?<word>p?np[mx]|yarn|bunx?) (?:run (?<script>[a-z][a-z:-]*)|[a-z-])/g;
    const seen = new Set<string>();
    const wrong = findings(function* (plan, { pm }) {
      const { scripts } = JSON.parse(plan.get("package.json") ?? "");
      for (const [path, text] of plan) {
        // Where there is no pnpm, npm's Node fetches it. The workflow's bill of materials is npm's where the manager makes none.
        const own = text
          .replace(/npx --yes pnpm@12\.\d+\.\d+ /g, "pnpm ")
          .replace(/^ {6}- run: npm (?:sbom|pkg) .*$/gm, pm === "yarn" || pm === "bun" ? "" : "$&");
        for (const { 0: command, groups } of own.matchAll(COMMAND)) {
          const { word, script } = groups as { word: keyof typeof OF; script?: string };
          seen.add(`${OF[word]} ${path}`);
          if (OF[word] !== pm) yield `${path}: ${command}`;
          if (script !== undefined && script !== "hardened-mcp" && !Object.hasOwn(scripts, script))
            yield `${path}: ${command}`;
        }
      }
    });
    expect(wrong).toEqual([]);
    for (const pm of ["npm", "pnpm", "yarn", "bun"])
      for (const path of [
        "README.md",
        "AGENTS.md",
        "DEPLOYMENT.md",
        "Dockerfile",
        ".github/workflows/ci.yml",
        "test/config.test.ts",
      ])
        expect(seen).toContain(`${pm} ${path}`);
  });

  test("the workflow and the Dockerfile install what the chosen package manager's lock file says, without scripts", () => {
    const INSTALL = {
      npm: ["npm ci --ignore-scripts", "package-lock.json"],
      pnpm: ["npx --yes pnpm@12.21.0 install --frozen-lockfile --ignore-scripts", "pnpm-lock.yaml"],
      yarn: ["yarn install --frozen-lockfile --ignore-scripts", "yarn.lock"],
      bun: ["bun install --frozen-lockfile --ignore-scripts", "bun.lock"],
    } as const;
    expect(
      findings(function* (plan, { pm, transport, auth }) {
        const [install, lock] = INSTALL[pm];
        const ci = plan.get(".github/workflows/ci.yml") ?? "";
        const dockerfile = plan.get("Dockerfile") ?? "";
        const installs = (text: string) =>
          text.match(/\b(?:npm|pnpm@\S+|yarn|bun) (?:install|ci)\b(?! --package-lock-only)/g)?.length ?? 0;
        if (ci.split(`- run: ${install}\n`).length !== 3 || installs(ci) !== 2) yield "ci.yml";
        if (plan.get(".gitignore")?.includes(lock)) yield ".gitignore";
        // Over HTTP without auth there is no image: nobody could reach what runs in it.
        if (plan.has("Dockerfile") !== (transport !== "http" || auth !== "none")) yield "Dockerfile";
        if (plan.has("Dockerfile") !== plan.has(".dockerignore")) yield ".dockerignore";
        const speaksOfImage = /docker build|docker compose|into the image/.test(plan.get("DEPLOYMENT.md") ?? "");
        if (speaksOfImage !== plan.has("Dockerfile")) yield "DEPLOYMENT.md";
        if (!plan.has("Dockerfile")) return;
        if (!dockerfile.includes(`RUN ${install} \\\n`)) yield "Dockerfile";
        const ignored = plan.get(".dockerignore")?.split("\n") ?? [];
        for (const path of ["package.json", lock]) if (!ignored.includes(`!${path}`)) yield `.dockerignore: ${path}`;
      }),
    ).toEqual([]);
  });
});

test.each([
  ["yarn/1.22.22 npm/? node/v24.21.0", "yarn install --frozen-lockfile --ignore-scripts"],
  ["yarn/4.18.1 npm/? node/v24.21.0", "npx --yes @yarnpkg/cli-dist@4.18.1 install --immutable"],
])("made by %s, workflow and Dockerfile install with that yarn alone", (agent, install) => {
  const plan = planOf(resolveProject({ dir: "/nowhere/shop" }, { npm_config_user_agent: agent }));
  for (const path of [".github/workflows/ci.yml", "Dockerfile"]) {
    const text = plan.get(path) ?? "";
    expect(text).toContain(install);
    expect(/@yarnpkg/.test(text)).not.toBe(/(?<!@)\byarn (?:install|run)/.test(text));
  }
  expect(plan.get(".yarnrc.yml")).toContain("enableScripts: false");
});

test.each(KINDS)("every configuration of the %s template is one that its server takes", async (kind) => {
  const url = pathToFileURL(join(import.meta.dirname, "../../../../templates", kind, "src/config.ts"));
  const { config: schema } = await import(url.href);
  const file = join(tempFolder(), "config.json");
  for (const [{ template, pm, transport, auth, state, name }, plan] of plans) {
    if (template !== kind || pm !== "npm") continue;
    for (const [path, text] of plan) {
      if (!/^(?:deploy\/)?server\.(?:config|http)\.json$/.test(path)) continue;
      writeFileSync(file, text, { mode: 0o600 });
      const sources = { schema, flags: { config: file }, fromFlags: () => [], environment: {}, variables: {} };
      const config = loadConfig<typeof schema>(sources) as {
        http?: unknown;
        auth?: unknown;
        local?: unknown;
        state: { namespace: string };
      };
      // A store that others use, too, keeps their entries apart by it; a file is this project's own.
      expect(config.state.namespace).toBe(state === "sqlite" ? "hardened-mcp" : name);
      const isHttp = path !== "server.config.json" || transport === "http";
      expect([config.http !== undefined, config.auth !== undefined], `${path} ${transport} ${auth}`).toEqual([
        isHttp,
        isHttp && auth !== "none",
      ]);
      // Over HTTP nobody is the local user, who may write.
      if (isHttp) expect(config.local).toBeUndefined();
      expect(dirname(path) === "deploy").toBe(JSON.stringify(config.http ?? "").includes("0.0.0.0"));
    }
  }
});
