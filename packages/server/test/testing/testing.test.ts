import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { codeOf, failedStart, openStdio, printedSchema, startHttp, tempFolder } from "../../src/testing/index.ts";

const PROJECT = fileURLToPath(new URL("../support/project/", import.meta.url));
const before = process.cwd();
beforeAll(() => process.chdir(PROJECT));
afterAll(() => process.chdir(before));

const ends: (() => unknown)[] = [];
const t = { after: (clean: () => unknown) => void ends.unshift(clean) };
const end = async (): Promise<void> => {
  for (const clean of ends.splice(0)) await clean();
};
afterEach(end);

describe("the tests of a project", () => {
  it("talk to its server on stdio, with the configuration and the flags that they name", async () => {
    const config = { greeting: "Hello", local: { roles: ["writer"] } };
    const session = await openStdio(t, { config, flags: ["--allow-write"] });
    expect(await session.toolNames()).toEqual(["say", "change"]);
    expect((await session.call("change")).structuredContent).toEqual({ text: "change" });
  });

  it("see that a configuration which names no policy stands under the project's own: a scope alone writes nothing", async () => {
    const callers = { scoped: { scopes: ["project:read", "project:write"] } };
    const as = await startHttp(t, { config: {}, flags: ["--allow-write"], callers });
    const session = await as("scoped");
    expect(await session.toolNames()).toEqual(["say"]);
    await expect(session.call("change")).rejects.toThrow(/no such tool/);
  });

  it.each([[{ policy: "" }], [{ policy: null }], [{ policy: false }], [{ policy: "none" }]])(
    "see that %j leaves nothing open",
    async (config) => {
      expect(await failedStart(t, { config })).toEqual({ code: 78, message: expect.stringContaining("polic") });
    },
  );

  it.each(["new", "old"] as const)(
    "talk to it over HTTP as callers of their own, with the %s client",
    async (generation) => {
      const as = await startHttp(t, {
        config: {},
        callers: { reader: { scopes: ["project:read"] }, nobody: { scopes: [] } },
      });
      const reader = await as("reader", generation);
      expect((await reader.call("say")).structuredContent).toEqual({ text: "say" });
      expect(codeOf(await reader.call("say", { more: 1 }))).toBe("invalid_input");
      expect(await (await as("nobody", generation)).toolNames()).toEqual([]);
    },
  );

  it("see why it does not start, on standard input and over HTTP", async () => {
    expect(await failedStart(t, { config: { greting: "x" } })).toEqual({
      code: 78,
      message: expect.stringContaining("Did you mean"),
    });
    await expect(startHttp(t, { config: { greting: "x" }, callers: {} })).rejects.toThrow(/has not started/);
    await expect(failedStart(t, { config: {} })).rejects.toThrow(/has started/);
  });

  it("get the schema of its configuration, and folders that are gone afterwards", async () => {
    expect(printedSchema()).toMatchObject({ properties: { greeting: { description: "What is said." } } });
    const folder = tempFolder(t);
    mkdirSync(join(folder, "a"));
    writeFileSync(join(folder, "a/b"), "");
    await end();
    expect(() => readFileSync(join(folder, "a/b"))).toThrow(/ENOENT/);
  });

  it("give a server nothing of their own environment that would set a key", async () => {
    process.env["HARDENED_MCP_GREETING"] = "x".repeat(101);
    try {
      const session = await openStdio(t, { config: {} });
      expect(await session.toolNames()).toEqual(["say"]);
    } finally {
      delete process.env["HARDENED_MCP_GREETING"];
    }
  });
});
