import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compileDeny } from "../src/deny.ts";
import { DEFAULT_DENY } from "../src/index.ts";
import { compileWildcard } from "../src/wildcard.ts";
import { makeTree, refusal } from "./helpers/tree.ts";

const deny = compileDeny(DEFAULT_DENY);

test.each([
  ".ssh",
  ".ssh/config",
  "a/.SSH/x",
  ".env",
  ".env.local",
  "app/.Env.Production",
  "id_rsa",
  "id_ed25519.pub",
  "tls/server.key",
  "a/b.PEM",
  ".git/config",
  "sub/.git/config",
  ".GIT/CONFIG",
  ".git/config.worktree",
  "bare.git/hooks/post-receive",
  ".git/modules/a/config",
  ".aws/credentials",
  ".docker/config.json",
  ".s\u017fh",
  ".s\u200dsh/id",
  "\uff0eenv",
  ".npmrc",
  ".bash_history",
])("denies %s", (path) => {
  expect(deny.denies(path.split("/"))).toBe(true);
});

test.each([
  ".git/HEAD",
  "environment.ts",
  "env",
  "keys.ts",
  "monkey",
  "config",
  ".docker/x",
  "ssh/config",
  ".github/config.yml",
  ".envoy",
])("lets %s pass", (path) => {
  expect(deny.denies(path.split("/"))).toBe(false);
});

test.each(["", "/", "*", "**", "*/*", "a//b", "../x", "."])("the pattern %j is refused", (pattern) => {
  expect(refusal(() => compileDeny([pattern]))).toBe("invalid_option");
});

test("refuses a denied file by name and through a link, for every operation", () => {
  const tree = makeTree();
  tree.write(".ssh/id_rsa");
  tree.write(".env");
  tree.write("notes");
  symlinkSync(".ssh", join(tree.inside, "s"));
  symlinkSync(".env", join(tree.inside, "e"));
  const root = tree.open();
  for (const name of [".env", ".ENV", ".ssh/id_rsa"]) expect(refusal(() => root.parse(name))).toBe("denied_name");
  for (const name of ["e", "s/known_hosts", "s"]) {
    expect(refusal(() => root.openFile(root.parse(name)))).toMatch(/denied_name|outside_root/);
  }
  expect(refusal(() => root.openFile(root.parse("e")))).toBe("denied_name");
  expect(refusal(() => root.stat(root.parse("s/known_hosts")))).toBe("denied_name");
  expect(refusal(() => root.createFile(root.parse("s/authorized_keys")))).toBe("denied_name");
  expect(refusal(() => root.remove(root.parse("s/known_hosts")))).toBe("denied_name");
  expect(refusal(() => root.rename(root.parse("notes"), root.parse("s/authorized_keys")))).toBe("denied_name");
  using directory = root.openDirectory(root.parse("."));
  const listing = directory.entries();
  expect(listing.entries.map((entry) => entry.name).sort()).toEqual(["e", "notes", "s"]);
  expect(listing.hidden).toBe(2);
  expect(refusal(() => directory.child(".env"))).toBe("denied_name");
});

test("a path parsed by a lax root gets nowhere in a strict one", () => {
  const tree = makeTree();
  tree.write(".env");
  const lax = tree.open({ deny: [] });
  expect(refusal(() => tree.open().openFile(lax.parse(".env")))).toBe("denied_name");
  lax.openFile(lax.parse(".env")).close();
});

test("a directory whose content is denied by its name cannot be renamed away, nor planted", () => {
  const tree = makeTree();
  tree.write(".git/config");
  tree.write("evil/hooks/post-checkout");
  const root = tree.open();
  expect(refusal(() => root.rename(root.parse(".git"), root.parse("g")))).toBe("denied_name");
  expect(refusal(() => root.rename(root.parse("evil"), root.parse("x.git")))).toBe("denied_name");
});

test.each([
  ["a*c", "abc", true],
  ["a*c", "ac", true],
  ["a*a", "a", false],
  ["*b*", "abc", true],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "acb", false],
  ["*ab*ba*", "aba", false],
  ["a+(b)", "a+(b)", true],
  ["a.c", "abc", false],
] as const)("wildcard %s on %s: %s", (pattern, name, expected) => {
  expect(compileWildcard(pattern)(name)).toBe(expected);
});

test("a hostile pattern costs nothing", () => {
  const matches = compileWildcard(`${"*a".repeat(60)}*b`);
  const start = process.hrtime.bigint();
  expect(matches("a".repeat(255))).toBe(false);
  expect(Number(process.hrtime.bigint() - start)).toBeLessThan(50_000_000);
});
