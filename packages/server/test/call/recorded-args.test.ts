import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineResource } from "../../src/define/resource.ts";
import { defineTool } from "../../src/define/tool.ts";
import type { ServerOptions } from "../../src/options.ts";
import { realAudit } from "../support/audit.ts";
import { testServer } from "../support/server.ts";
import { alice, walk } from "../support/walk.ts";

const CANARY = "kanarienvogel";

const pay = defineTool({
  name: "pay",
  description: "Pays.",
  effect: "read",
  scope: "echo:use",
  input: z.strictObject({
    to: z.string().max(2_000),
    account: z.string().max(2_000),
    pin: z.string().max(2_000),
    note: z.string().max(2_000).optional(),
  }),
  output: z.strictObject({ done: z.boolean() }),
  errors: { refused: { code: "conflict", message: "It was refused." } },
  audit: { to: "plain", account: "hash", pin: "drop" },
  limits: { callsPerMinute: 100_000 },
  run: ({ note }, call) => {
    if (note === "fail") return call.fail("refused", { detail: CANARY, cause: new Error(CANARY) });
    if (note === "throw") throw new Error(CANARY);
    return { done: true };
  },
});

const family = defineResource({
  name: "invoice",
  description: "An invoice.",
  scope: "echo:use",
  uri: "invoice:///{customer}/{+path}",
  audit: { customer: "drop", path: "hash" },
  read: ({ uri }) => [{ uri, text: "x" }],
});

async function start(options: Partial<ServerOptions> = {}) {
  const audit = await realAudit();
  const { server, lines } = testServer({ tools: [pay], resources: [family], audit: audit.log, ...options });
  return { ...audit, server, lines };
}

const args = { to: "Bob", account: "DE00 1", pin: CANARY };

describe("the record of a call", () => {
  it("shows of the arguments what the definition says, and type and length of each", async () => {
    const { server, records } = await start();
    await walk(server, { name: "pay", args });
    await walk(server, { name: "pay", args: { ...args, pin: "another", to: "Eve" } });
    const [first, second] = (await records()).filter(({ type }) => type === "call.intent").map((one) => one.args);
    expect(first).toMatchObject({
      shape: { to: "string:3", account: "string:6", pin: "dropped" },
      plain: { to: "Bob" },
      hashed: { account: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(second?.hashed).toEqual(first?.hashed);
    expect(second?.digest).not.toBe(first?.digest);
  });

  it("shows them when it was refused after they were validated, and only their size before", async () => {
    const { server, records } = await start({
      policy: { visible: () => true, decide: () => ({ effect: "deny", rule: "no" }) },
    });
    await walk(server, { name: "pay", args });
    await walk(server, { name: "pay", args: { ...args, [CANARY]: CANARY } });
    await walk(server, { name: "nope", args: { text: CANARY } });
    const refused = (await records()).filter(({ type }) => type === "call.refused");
    expect(refused).toMatchObject([
      { args: { plain: { to: "Bob" } }, decision: { step: "authorize" } },
      { decision: { step: "validate" }, detail: { args_bytes: JSON.stringify({ ...args, [CANARY]: CANARY }).length } },
      { decision: { step: "find" }, detail: { args_bytes: JSON.stringify({ text: CANARY }).length } },
    ]);
    expect(refused.map((one) => one.args === undefined)).toEqual([false, true, true]);
    expect(refused[0]?.detail?.["args_bytes"]).toBeUndefined();
  });

  it("of a resource shows the variables of its URI, and the URI nowhere", async () => {
    const { server, records, text } = await start();
    await walk(server, { method: "resources/read", name: `invoice:///${CANARY}/2026/7`, args: undefined });
    await walk(server, { method: "resources/read", name: `other:///${CANARY}`, args: undefined });
    const [intent] = (await records()).filter(({ type }) => type === "call.intent");
    expect(intent?.args).toMatchObject({
      shape: { customer: "dropped", path: "string:6" },
      hashed: { path: expect.any(String) },
    });
    const [refused] = (await records()).filter(({ type }) => type === "call.refused");
    expect(refused).toMatchObject({ tool: { name: "resources/read" }, detail: { args_bytes: 9 + CANARY.length } });
    expect(await text()).not.toContain(CANARY);
  });

  it("of a list shows no cursor", async () => {
    const { server, records } = await start();
    await walk(server, { method: "tools/list", name: "tools/list", args: { cursor: CANARY } });
    const [intent] = (await records()).filter(({ type }) => type === "call.intent");
    expect(intent?.args?.shape).toEqual({ cursor: `string:${CANARY.length}` });
  });
});

it("no text of a client's arguments reaches the log, however the call ends", async () => {
  const { server, text, lines } = await start({
    policy: {
      visible: () => true,
      decide: (_, target, given) =>
        (given as { note?: string }).note === "deny"
          ? { effect: "deny", rule: "no" }
          : { effect: "allow", rule: target.name },
    },
  });
  const secret = fc.string({ unit: "binary", maxLength: 50 }).map((around) => `${around}${CANARY}${around}`);
  const note = fc.constantFrom("fail", "throw", "deny", "", undefined);
  const sound = fc.record({ to: fc.constant("Bob"), account: secret, pin: secret, note: fc.oneof(note, secret) });
  const junk = fc.dictionary(fc.oneof(secret, fc.constantFrom("to", "account", "pin")), fc.jsonValue(), { maxKeys: 5 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(sound, junk, secret), async (sent) => {
      await walk(server, { name: "pay", args: sent, principal: alice });
      const uri = `invoice:///${encodeURIComponent(CANARY)}/x`;
      await walk(server, { method: "resources/read", name: uri, args: undefined });
    }),
  );
  expect(await text()).not.toContain(CANARY);
  // The operator's log has the causes of our own failures, and nothing of the arguments; here both are canaries.
  expect(
    lines.filter((line) => line.includes(CANARY) && !line.includes('"err"') && !line.includes('"detail"')),
  ).toEqual([]);
});
