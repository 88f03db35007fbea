import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@hardened-mcp/server/flags";
import { beforeEach, describe, expect, test } from "vitest";
import { manifestOf } from "../../src/plan/manifest.ts";
import { packageManagerFiles } from "../../src/plan/package-manager.ts";
import { vendorFor } from "../../src/plan/vendor.ts";
import { tempFolder } from "../support/cli.ts";
import { projectOf, VERSIONS } from "../support/project.ts";
import { integrityOf } from "../support/vendor.ts";

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
let packages: Record<string, Record<string, unknown>>;
const write = (index: unknown = { packages }) => writeFileSync(join(folder, "vendor.json"), JSON.stringify(index));
const server = () => packages["@hardened-mcp/server"] as Record<string, unknown>;

beforeEach(() => {
  folder = join(tempFolder(), "packed");
  mkdirSync(folder);
  for (const name of Object.keys(PACKED)) writeFileSync(join(folder, `${name}.tgz`), name);
  const entries = Object.entries(PACKED).map(([name, needs]) => [
    `@hardened-mcp/${name}`,
    {
      version: "0.1.0",
      file: `${name}.tgz`,
      integrity: integrityOf(name),
      dependencies: needs.map((one) => `@hardened-mcp/${one}`),
    },
  ]);
  packages = Object.fromEntries(entries);
  write();
});

test("what the project needs comes along, with what that needs, and nothing else", () => {
  const { specs, files } = vendorFor(MANIFEST, folder);
  expect(Object.keys(specs)).toEqual(["audit", "cli", "server", "state"].map((name) => `@hardened-mcp/${name}`));
  expect(files.map(({ path }) => path)).toEqual(
    ["audit", "cli", "server", "state"].map((name) => `vendor/${name}.tgz`),
  );
});

test("the bytes that were checked are the ones that are written, whatever becomes of the file", () => {
  const { files } = vendorFor(MANIFEST, folder);
  writeFileSync(join(folder, "server.tgz"), "another");
  expect(files.map(({ data }) => data.toString())).toEqual(["audit", "cli", "server", "state"]);
});

const replace = (path: string, make: (path: string) => void) => {
  rmSync(join(folder, path));
  make(join(folder, path));
};
const pipe = (path: string) => void execFileSync("mkfifo", [path]);
const linked = (path: string) => symlinkSync("../elsewhere", path);

describe("a list that cannot be used is refused:", () => {
  test.each([
    ["none", () => rmSync(join(folder, "vendor.json")), "vendor.json cannot be read (ENOENT)"],
    ["a pipe", () => replace("vendor.json", pipe), "vendor.json is no file"],
    ["a folder", () => replace("vendor.json", mkdirSync), "vendor.json is no file"],
    ["a link", () => replace("vendor.json", linked), "vendor.json is a symbolic link"],
    ["too large", () => truncateSync(join(folder, "vendor.json"), 1_048_577), "has more than 1048576 bytes"],
    ["not JSON", () => writeFileSync(join(folder, "vendor.json"), "{"), "cannot be read as JSON"],
    ["empty", () => writeFileSync(join(folder, "vendor.json"), ""), "cannot be read as JSON"],
    ["null", () => write(null), "cannot be read as JSON"],
    ["a list", () => write([]), "cannot be read as JSON"],
    ["without packages", () => write({}), "lists no packages"],
    ["with packages in a list", () => write({ packages: [server()] }), "lists no packages"],
    ["with null for packages", () => write({ packages: null }), "lists no packages"],
    ["with another field", () => write({ packages, scripts: {} }), 'has an unknown field "scripts"'],
    ["no package that is needed", () => write({ packages: {} }), "the project needs @hardened-mcp/server, and"],
  ] as const)("%s", (_, spoil, message) => {
    spoil();
    expect(() => vendorFor(MANIFEST, folder)).toThrow(message);
    expect(() => vendorFor(MANIFEST, folder)).toThrow(UsageError);
  });

  test.each([
    ["file", "../server.tgz"],
    ["file", "sub/server.tgz"],
    ["file", ".."],
    ["file", "server.tgz\n"],
    ["file", "server.js"],
    ["file", 7],
    ["file", undefined],
    ["version", "latest"],
    ["version", "0.1.0 || *"],
    ["version", 1],
    ["version", undefined],
    ["integrity", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="],
    ["integrity", undefined],
    ["integrity", null],
    ["dependencies", "@hardened-mcp/audit"],
    ["dependencies", ["left-pad"]],
    ["dependencies", [null]],
    ["dependencies", undefined],
    ["scripts", {}],
  ])("an entry with a %s of %j", (field, value) => {
    // Where the name leads there is the right file: nothing but the name is wrong.
    mkdirSync(join(folder, "sub"));
    for (const place of ["..", "sub"]) writeFileSync(join(folder, place, "server.tgz"), "server");
    server()[field] = value;
    write();
    expect(() => vendorFor(MANIFEST, folder)).toThrow(`lists @hardened-mcp/server with a wrong ${field}`);
  });

  test.each(["left-pad", "__proto__", "@hardened-mcp/../x", "@hardened-mcp/"])("a package called %j", (name) => {
    writeFileSync(join(folder, "vendor.json"), `{"packages":{${JSON.stringify(name)}:${JSON.stringify(server())}}}`);
    expect(() => vendorFor(MANIFEST, folder)).toThrow("which is no package of ours");
  });

  test.each([null, "server.tgz", 1, []])("an entry that is %j", (entry) => {
    write({ packages: { ...packages, "@hardened-mcp/server": entry } });
    expect(() => vendorFor(MANIFEST, folder)).toThrow("lists @hardened-mcp/server with a wrong entry");
  });

  test("the same file for two packages", () => {
    server()["file"] = "audit.tgz";
    write();
    expect(() => vendorFor(MANIFEST, folder)).toThrow("lists audit.tgz twice");
  });
});

describe("a packed file that is not the one of the list is refused:", () => {
  test.each([
    ["one that is not there", () => rmSync(join(folder, "audit.tgz")), "audit.tgz cannot be read (ENOENT)"],
    ["a pipe", () => replace("audit.tgz", pipe), "audit.tgz is no file"],
    ["a folder", () => replace("audit.tgz", mkdirSync), "audit.tgz is no file"],
    ["a link to the same bytes", () => replace("audit.tgz", linked), "audit.tgz is a symbolic link"],
    ["one that is too large", () => truncateSync(join(folder, "audit.tgz"), 16_777_217), "more than 16777216 bytes"],
    ["one with other bytes", () => writeFileSync(join(folder, "audit.tgz"), "audiT"), "by its sha512"],
    ["one with more bytes", () => writeFileSync(join(folder, "audit.tgz"), "audit\n"), "by its sha512"],
  ] as const)("%s", (_, spoil, message) => {
    writeFileSync(join(folder, "../elsewhere"), "audit");
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
