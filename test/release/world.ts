import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/pack/workspace.ts";

/** What GitHub tells a job that may publish. */
export const WORKFLOW = {
  GITHUB_ACTIONS: "true",
  GITHUB_WORKFLOW_REF: "hardened-mcp/hardened-mcp/.github/workflows/release.yml@refs/heads/main",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.test",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
};

/** What is said to the registry's address, in place of the registry. A question that has no answer here ends the process. */
const FETCH = `import { appendFileSync, readFileSync } from "node:fs";
globalThis.fetch = async (url) => {
  const answers = JSON.parse(readFileSync(process.env.TEST_REGISTRY, "utf8"));
  if (!(url in answers)) throw new Error("nobody expected " + url);
  const integrity = answers[url];
  return integrity === null ? new Response("", { status: 404 }) : Response.json({ dist: { integrity } });
};
`;

/** A clone in which nothing is installed, a registry, and programs that note how they are started. */
export interface World {
  readonly clone: string;
  /** The tarball's integrity by the package's name, as it was proved. */
  readonly proved: Readonly<Record<string, string>>;
  /** Lets the registry have these packages at version 1.2.3, by name and integrity. */
  has(published: Readonly<Record<string, string>>): void;
  /** Runs the release script with `programs` alone on PATH, or with what is on `path` too. */
  release(args: readonly string[], programs: readonly string[], path?: string): { status: number | null; said: string };
  /** How each program was started, in order. */
  started(): readonly string[];
  /** What a later job of the workflow gets. */
  output(): string;
}

const PACKAGES = {
  "packages/redact": { name: "@hardened-mcp/redact", version: "1.2.3" },
  "packages/server": {
    name: "@hardened-mcp/server",
    version: "1.2.3",
    dependencies: { "@hardened-mcp/redact": "1.2.3" },
  },
  "servers/database": {
    name: "@hardened-mcp/database",
    version: "1.2.3",
    dependencies: { "@hardened-mcp/server": "1.2.3" },
  },
};

/** Makes a world below `folder`. Three packages are proved in it, and the registry has none. */
export function makeWorld(folder: string): World {
  const at = mkdtempSync(join(folder, "world-"));
  const clone = join(at, "clone");
  const [log, output, registry] = ["started.txt", "output.txt", "registry.json"].map((name) => join(at, name)) as [
    string,
    string,
    string,
  ];
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), text);
  };
  cpSync(join(ROOT, "scripts"), join(clone, "scripts"), { recursive: true });
  write("package.json", JSON.stringify({ type: "module", packageManager: "pnpm@12.21.0" }));
  for (const [path, manifest] of Object.entries(PACKAGES)) write(`${path}/package.json`, JSON.stringify(manifest));
  const packed = Object.entries(PACKAGES).map(([path, { name, version }]) => {
    const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
    write(`release/packages/${file}`, name);
    const integrity = `sha512-${createHash("sha512").update(name).digest("base64")}`;
    return { name, version, folder: path, file, integrity, bytes: name.length };
  });
  write("release/release.json", JSON.stringify(packed));
  writeFileSync(join(at, "fetch.mjs"), FETCH);

  const has = (published: Readonly<Record<string, string>>): void => {
    const answers = packed.map(({ name, version }) => [
      `https://registry.npmjs.org/${name.replace("/", "%2f")}/${version}`,
      published[name] ?? null,
    ]);
    writeFileSync(registry, JSON.stringify(Object.fromEntries(answers)));
  };
  has({});
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
  return {
    clone,
    proved: Object.fromEntries(packed.map(({ name, integrity }) => [name, integrity])),
    has,
    release: (args, programs, path) => {
      const bin = mkdtempSync(join(at, "bin-"));
      for (const name of programs) {
        writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "${log}"\n`);
        chmodSync(join(bin, name), 0o755);
      }
      const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/release.mjs", ...args], {
        cwd: clone,
        encoding: "utf8",
        env: {
          ...WORKFLOW,
          PATH: path === undefined ? bin : `${bin}:${path}`,
          GITHUB_OUTPUT: output,
          NODE_OPTIONS: `--import ${join(at, "fetch.mjs")}`,
          TEST_REGISTRY: registry,
        },
      });
      return { status, said: stdout + stderr };
    },
    started: () => read(log).split("\n").slice(0, -1),
    output: () => read(output),
  };
}
