import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkedName, isProjectName, nameFromFolder, suggestName } from "../../src/options/name.ts";

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
    ["-x", "x"],
    ["$(reboot)", "reboot"],
    ["服务", "my-mcp-server"],
    ["node_modules", "node-modules-server"],
    ["a".repeat(80), "a".repeat(56)],
  ])("%j does not; %s is suggested", (folder, name) => {
    expect(() => nameFromFolder(folder)).toThrow(`Add --name ${name}.`);
  });
});

test.each(["My-Server", "a b", "@scope/x", "../x", "x/", "a..b", "-", "", "null", "default", "kube-system", "sshd"])(
  "--name %j is refused",
  (name) => {
    expect(() => checkedName(name)).toThrow("makes no package name");
  },
);

test("what is suggested is always a name that npm, policies and DNS take", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const name = suggestName(text);
      expect(isProjectName(name)).toBe(true);
      expect(name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
    }),
  );
});
