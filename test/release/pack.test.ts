import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Packed, packWorkspace, type Vendor } from "../../scripts/pack/pack-workspace.ts";
import { closures, ROOT } from "../../scripts/pack/workspace.ts";

describe("packing the workspace", () => {
  const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-pack-"));
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  const manifestOf = (file: string): string =>
    execFileSync("tar", ["-xzOf", join(first, file), "package/package.json"], { encoding: "utf8" });
  let packed: readonly Packed[];
  let vendor: Vendor;

  beforeAll(() => {
    packed = packWorkspace(first);
    vendor = JSON.parse(readFileSync(join(first, "vendor.json"), "utf8"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("packs what can be published and nothing that is private", () => {
    const names = packed.map(({ name }) => name);
    expect(names).toContain("@hardened-mcp/server");
    expect(names).toContain("@hardened-mcp/database");
    expect(names.filter((name) => /bench|conformance|demo|my-server/.test(name))).toEqual([]);
    expect(readdirSync(first).sort()).toEqual([...packed.map(({ file }) => file), "vendor.json"].sort());
  });

  it("leaves no workspace: in a manifest", () => {
    expect(packed.filter(({ file }) => manifestOf(file).includes("workspace:"))).toEqual([]);
  });

  it("lists what comes along, also what comes through others", () => {
    expect(vendor.packages["@hardened-mcp/database"]).toMatchObject({
      file: expect.stringMatching(/^hardened-mcp-database-\d+\.\d+\.\d+\.tgz$/),
    });
    // database -> server -> auth -> safe-fetch
    expect(vendor.packages["@hardened-mcp/database"]?.dependencies).toContain("@hardened-mcp/safe-fetch");
    expect(vendor.packages["@hardened-mcp/database"]?.dependencies).not.toContain("@hardened-mcp/database");
    expect(vendor.packages["@hardened-mcp/redact"]?.dependencies).toEqual([]);
  });

  it("gives the same bytes again, whatever the umask and the times of the files", () => {
    const touched = join(ROOT, "packages/redact/dist/index.js");
    const { atime, mtime } = statSync(touched);
    const umask = process.umask(0o077);
    try {
      utimesSync(touched, 1, 1);
      packWorkspace(second);
    } finally {
      process.umask(umask);
      utimesSync(touched, atime, mtime);
    }
    const files = readdirSync(first);
    expect(files.filter((file) => !readFileSync(join(first, file)).equals(readFileSync(join(second, file))))).toEqual(
      [],
    );
  });

  it("refuses a folder with something in it", () => {
    writeFileSync(join(folder, "old.tgz"), "");
    expect(() => packWorkspace(folder)).toThrow(/is not empty/);
  });
});

it("builds from nothing: what an earlier build or a cache left is not released", () => {
  const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-build-"));
  try {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    cpSync(join(ROOT, "scripts/pack"), join(folder, "scripts/pack"), { recursive: true });
    for (const one of ["packages/a", "servers/b"]) {
      write(`${one}/package.json`, "{}");
      write(`${one}/dist/gone.js`, "1");
      write(`${one}/tsconfig.tsbuildinfo`, "{}");
    }
    // In place of pnpm: notes what it was told, and what it found.
    write("pnpm", `#!/bin/sh\necho "$*" packages/*/* servers/*/* > "${folder}/started.txt"\n`);
    chmodSync(join(folder, "pnpm"), 0o755);
    const { href } = pathToFileURL(join(folder, "scripts/pack/build.ts"));
    execFileSync(process.execPath, ["--input-type=module", "--eval", `(await import("${href}")).buildFromNothing()`], {
      env: { npm_execpath: join(folder, "pnpm") },
    });
    expect(readFileSync(join(folder, "started.txt"), "utf8").trim().split(" ")).toEqual([
      ...["exec", "turbo", "run", "build", "--output-logs=errors-only", "--force"],
      ...["packages/a/package.json", "servers/b/package.json"],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("follows dependencies through circles, and counts no peers", () => {
  const one = { version: "1.0.0", peerDependencies: { d: "1.0.0" } };
  const found = closures([
    { ...one, name: "a", dependencies: { b: "1.0.0", zod: "4.0.0" } },
    { ...one, name: "b", optionalDependencies: { c: "1.0.0" } },
    { ...one, name: "c", dependencies: { a: "1.0.0" } },
    { ...one, name: "d", devDependencies: { a: "1.0.0" } },
  ]);
  expect(Object.fromEntries(found)).toEqual({ a: ["b", "c"], b: ["a", "c"], c: ["a", "b"], d: [] });
});
