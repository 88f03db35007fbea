import { homedir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkedName, isProjectName, nameFromFolder, refuseHome, suggestName } from "../../src/options/name.ts";

describe("the folder's name gives the project's", () => {
  test.each([
    ["my-server", "my-server"],
    ["my server", "my-server"],
    ["My_Server.v2", "my-server-v2"],
  ])("%j: %s", (folder, name) => {
    expect(nameFromFolder(folder)).toBe(name);
  });

  test.each([
    ["http", "http-server"],
    ["zod", "zod-server"],
    ["Ünïcode", "unicode"],
    ["2fast", "fast"],
    ["redis", "redis-server"],
    ["-x", "x"],
    ["$(reboot)", "reboot"],
    ["服务", "my-mcp-server"],
    ["node_modules", "node-modules-server"],
    ["a".repeat(80), "a".repeat(56)],
  ])("%j does not; %s is suggested", (folder, name) => {
    expect(() => nameFromFolder(folder)).toThrow(`Add --name ${name}.`);
  });
});

test.each([
  "My-Server",
  "a b",
  "@scope/x",
  "../x",
  "x/",
  "a..b",
  "-",
  "",
  "null",
  "default",
  "kube-system",
  "sshd",
  "postgres",
  "node",
])("--name %j is refused", (name) => {
  expect(() => checkedName(name)).toThrow("makes no package name");
});

test.each(["~", "~/proj", "~me/proj", "~x"])(
  "%s is what a shell makes a home folder of, and no folder is called that here",
  (dir) => {
    expect(() => refuseHome(dir)).toThrow(`write ./${dir}.`);
    expect(() => refuseHome(`./${dir}`)).not.toThrow();
  },
);

test("where one's own home folder was meant, its path is named, and nobody else's is guessed", () => {
  expect(() => refuseHome("~/a/proj")).toThrow(`write ${join(homedir(), "a/proj")}.`);
  expect(() => refuseHome("~me/proj")).not.toThrow("If your home folder is meant");
});

test("what is suggested is always a name that npm, policies and DNS take", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const name = suggestName(text);
      expect(isProjectName(name)).toBe(true);
      expect(name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
    }),
  );
});
