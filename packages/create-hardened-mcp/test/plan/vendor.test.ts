import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { manifestOf } from "../../src/plan/manifest.ts";
import { packageManagerFiles } from "../../src/plan/package-manager.ts";
import { vendorFor } from "../../src/plan/vendor.ts";
import { tempFolder } from "../support/cli.ts";
import { projectOf, VERSIONS } from "../support/project.ts";

const MANIFEST = {
  name: "shop",
  scripts: {},
  dependencies: { "@hardened-mcp/server": "0.1.0", zod: "4.6.7" },
  devDependencies: { "@hardened-mcp/cli": "0.1.0", typescript: "7.0.2" },
};
const PACKED: Readonly<Record<string, readonly string[]>> = {
  server: ["audit", "state"],
  cli: ["audit"],
  audit: [],
  state: ["server"],
  "safe-sql": [],
};

let folder: string;
const list = (packages: unknown) => writeFileSync(join(folder, "vendor.json"), JSON.stringify({ packages }));

const only = (file: string) => list({ "@hardened-mcp/server": { file }, "@hardened-mcp/cli": { file } });

beforeEach(() => {
  folder = tempFolder();
  mkdirSync(join(folder, "folder.tgz"));
  for (const name of Object.keys(PACKED)) writeFileSync(join(folder, `${name}.tgz`), name);
  const entries = Object.entries(PACKED).map(([name, needs]) => [
    `@hardened-mcp/${name}`,
    { version: "0.1.0", file: `${name}.tgz`, dependencies: needs.map((one) => `@hardened-mcp/${one}`) },
  ]);
  list(Object.fromEntries(entries));
});

test("what the project needs comes along, with what that needs, and nothing else", () => {
  const { specs, files } = vendorFor(MANIFEST, folder);
  expect(Object.keys(specs)).toEqual(["audit", "cli", "server", "state"].map((name) => `@hardened-mcp/${name}`));
  expect(files.map(({ path }) => path)).toEqual(
    ["audit", "cli", "server", "state"].map((name) => `vendor/${name}.tgz`),
  );
});

describe("a list that cannot be used is refused:", () => {
  test.each([
    ["none", () => rmSync(join(folder, "vendor.json")), "cannot be read as JSON"],
    ["not JSON", () => writeFileSync(join(folder, "vendor.json"), "{"), "cannot be read as JSON"],
    ["no packages", () => list({}), "the project needs @hardened-mcp/server, and vendor.json does not list it"],
    ["of something else", () => writeFileSync(join(folder, "vendor.json"), "[]"), "lists no packages"],
    ["a file that is not there", () => rmSync(join(folder, "audit.tgz")), "is no file there"],
    ["a path that leads out", () => only("../server.tgz"), "is no file there"],
    ["a folder", () => only("folder.tgz"), "is no file there"],
  ] as const)("%s", (_, spoil, message) => {
    spoil();
    expect(() => vendorFor(MANIFEST, folder)).toThrow(message);
  });
});

describe("each package manager is told where they are:", () => {
  const specs = { "@hardened-mcp/audit": "file:vendor/audit.tgz", "@hardened-mcp/server": "file:vendor/server.tgz" };

  test.each([
    ["npm", "overrides"],
    ["bun", "overrides"],
    ["yarn", "resolutions"],
  ] as const)("%s by the %s of package.json", (pm, key) => {
    const manifest = manifestOf(MANIFEST, projectOf({ pm }) as never, VERSIONS, specs);
    expect(manifest[key]).toEqual(specs);
    expect(manifest.dependencies["@hardened-mcp/server"]).toBe("file:vendor/server.tgz");
    expect(manifestOf(MANIFEST, projectOf({ pm }) as never, VERSIONS, {})).not.toHaveProperty(key);
  });

  test("pnpm by pnpm-workspace.yaml", () => {
    const [file] = packageManagerFiles(projectOf({ pm: "pnpm" }) as never, specs);
    expect(file?.data).toContain('overrides:\n  "@hardened-mcp/audit": "file:vendor/audit.tgz"\n');
    expect(manifestOf(MANIFEST, projectOf({ pm: "pnpm" }) as never, VERSIONS, specs)).not.toHaveProperty("overrides");
  });
});
