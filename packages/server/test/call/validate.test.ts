import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../src/define/tool.ts";
import { testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

const tool = defineTool({
  name: "echo",
  description: "x",
  effect: "read",
  scope: "echo:use",
  input: z.strictObject({
    filters: z.strictObject({ state: z.enum(["open", "closed"]) }).optional(),
    limit: z.number().int().max(10).default(5),
  }),
  output: z.strictObject({ limit: z.number() }),
  run: ({ limit }) => ({ limit }),
});

describe("arguments", () => {
  it.each<[string, unknown, RegExp]>([
    [
      "an unknown key, with the nearest right one",
      { filter: {} },
      /Unknown argument "filter"\. Did you mean "filters"\?/,
    ],
    ["an unknown nested key", { filters: { state: "open", extra: 1 } }, /Unknown argument "filters\.extra"/],
    ["a wrong type", { limit: "5" }, /"limit":/],
    ["a string for a boolean of sorts", { filters: "open" }, /"filters":/],
    ["an array", [], /not valid/],
    ["a number", 7, /not valid/],
  ])("are refused with %s", async (_, args, message) => {
    const { server, sink } = testServer({ tools: [tool] });
    const error = errorOf(await walk(server, { args }));
    expect(error.code).toBe("invalid_input");
    expect(error.message).toMatch(message);
    expect(sink.events).toMatchObject([{ type: "call.refused", decision: { step: "validate" } }]);
  });

  it.each(["a\nb", "\u202Eevil", "\u001b[31m", "a".repeat(10_000), '"}],"x":', "\u2028"])(
    "of any name are repeated harmlessly: %j",
    async (key) => {
      const { server } = testServer({ tools: [tool] });
      const { message } = errorOf(await walk(server, { args: { [key]: 1 } }));
      expect(message).toMatch(/^[\x20-\x7e]*$/);
      expect(message.length).toBeLessThan(400);
    },
  );

  it("never have their values repeated", async () => {
    const { server } = testServer({ tools: [tool] });
    const { message } = errorOf(await walk(server, { args: { limit: "canary", filters: { state: "canary" } } }));
    expect(message).not.toContain("canary");
  });

  it("are described in few words however many are wrong", async () => {
    const { server } = testServer({ tools: [tool] });
    const args = Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`key${at}`, at]));
    expect(errorOf(await walk(server, { args })).message.length).toBeLessThan(1_000);
  });

  it("reach the handler parsed, defaults filled in", async () => {
    const { server } = testServer({ tools: [tool] });
    const answer = await walk(server, { args: undefined });
    expect(answer).toMatchObject({ ok: true, result: { structuredContent: { limit: 5 } } });
  });
});
