import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SOURCE = new URL("../src/compile-cache.ts", import.meta.url).href;
const CHILD = `
  import { getCompileCacheDir } from "node:module";
  import { keepCompiledCode } from ${JSON.stringify(SOURCE)};
  process.stdout.write(JSON.stringify({ kept: keepCompiledCode(), folder: getCompileCacheDir() ?? "" }));
`;

let top: string;
let home: string;
/** What a test names in XDG_CACHE_HOME. */
let base: string;

/** In a process of its own: the cache cannot be switched off again. */
function keep(xdg: string | undefined): { readonly kept: boolean; readonly folder: string } {
  const { XDG_CACHE_HOME: _, NODE_COMPILE_CACHE: __, NODE_DISABLE_COMPILE_CACHE: ___, ...inherited } = process.env;
  const env = { ...inherited, HOME: home, ...(xdg === undefined ? {} : { XDG_CACHE_HOME: xdg }) };
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", CHILD], {
    cwd: top,
    encoding: "utf8",
    env,
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

/** With an octal mode that the umask does not narrow. */
function folder(path: string, mode: string): string {
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  return path;
}

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "hardened-cache-"));
  home = folder(join(top, "home"), "0700");
  base = folder(join(top, "base"), "0700");
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

describe("compiled code is kept", () => {
  it("in the user's cache folder", () => {
    const { kept, folder } = keep(base);
    expect(kept).toBe(true);
    expect(folder).toContain(join(base, "hardened-mcp/compile-cache"));
  });

  it("in ~/.cache where no folder is named", () => {
    const { kept, folder } = keep(undefined);
    expect(kept).toBe(true);
    expect(folder).toContain(join(home, ".cache/hardened-mcp/compile-cache"));
  });

  it("in ~/.cache, not in a folder named relative to where the process happens to run", () => {
    expect(keep("base").folder).toContain(join(home, ".cache/hardened-mcp/compile-cache"));
    expect(readdirSync(base)).toEqual([]);
  });

  it("under the real name of a base below a link", () => {
    symlinkSync(top, join(home, "alias"));
    expect(keep(join(home, "alias/base")).folder).toContain(join(base, "hardened-mcp/compile-cache"));
  });
});

describe("compiled code is not kept", () => {
  const refused = { kept: false, folder: "" };

  it.each(["0777", "1777", "0770"])("in a base that others may write to (%s)", (mode) => {
    chmodSync(base, mode);
    expect(keep(base)).toEqual(refused);
  });

  it.each([
    ["hardened-mcp", "0770"],
    ["hardened-mcp", "0702"],
    ["hardened-mcp/compile-cache", "0770"],
    ["hardened-mcp/compile-cache", "0702"],
  ])("in a %s that others may write to (%s)", (name, mode) => {
    folder(join(base, "hardened-mcp"), "0700");
    folder(join(base, name), mode);
    expect(keep(base)).toEqual(refused);
  });

  it.each(["base", "base/hardened-mcp", "base/hardened-mcp/compile-cache"])("where %s is a link", (name) => {
    const target = folder(join(top, "target"), "0700");
    const link = join(top, name);
    rmSync(link, { recursive: true, force: true });
    mkdirSync(join(link, ".."), { recursive: true, mode: 0o700 });
    symlinkSync(target, link);
    expect(keep(base)).toEqual(refused);
  });

  it("where others could swap the base, and nothing is made there", () => {
    chmodSync(top, "0777");
    expect(keep(join(top, "new"))).toEqual(refused);
    expect(existsSync(join(top, "new"))).toBe(false);
  });

  it("in the cache of a home that others may write to", () => {
    chmodSync(home, "0777");
    expect(keep(undefined)).toEqual(refused);
  });

  it.runIf(process.getuid?.() === 0)("by root in the home of another user, as under sudo", () => {
    chownSync(home, 12_345, 12_345);
    expect(keep(undefined)).toEqual(refused);
    expect(readdirSync(home)).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)("by root in a cache that another user owns", () => {
    chownSync(base, 12_345, 12_345);
    expect(keep(base)).toEqual(refused);
  });
});
