import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../src/define/tool.ts";
import type { ServerOptions } from "../../src/options.ts";
import { echoTool, testServer } from "../support/server.ts";
import { walk } from "../support/walk.ts";

type Walked = NonNullable<Parameters<typeof walk>[1]>;

/** What the last of some calls was refused for. */
async function refusal(options: Partial<ServerOptions>, request: Walked = {}, times = 1) {
  const { server, sink } = testServer({ tools: [echoTool()], ...options });
  for (let time = 0; time < times; time++) await walk(server, request);
  return sink.of("call.refused").at(-1)?.decision;
}

const destroying = { tools: [echoTool({ effect: "destroy" })], enable: ["destroy"] } as const;

describe("a refusal is on record with its step and its rule", () => {
  const refusals: readonly [string, () => ReturnType<typeof refusal>, object][] = [
    ["nobody stands behind it", () => refusal({}, { principal: null }), { step: "authenticate", rule: "no_principal" }],
    ["an unknown name", () => refusal({}, { name: "ecco" }), { step: "find", rule: "unknown_or_hidden" }],
    [
      "the rate of an effect",
      () => refusal({ limits: { callsPerMinute: 1 } }, {}, 2),
      { step: "admit", rule: "rate/read/1" },
    ],
    [
      "the rate of one tool",
      () => refusal({ tools: [echoTool({ limits: { callsPerMinute: 2 } })] }, {}, 3),
      { step: "admit", rule: "rate/read tool echo/2" },
    ],
    [
      "the budget of a day",
      () => refusal({ limits: { costPerDay: 1 } }, {}, 2),
      { step: "admit", rule: "rate/day/day" },
    ],
    [
      "a client that left the queue",
      () => refusal({}, { signal: AbortSignal.abort() }),
      { step: "admit", rule: "client_gone" },
    ],
    ["a wrong type", () => refusal({}, { args: { text: 7 } }), { step: "validate", rule: "invalid_type@text" }],
    [
      "an argument too long",
      () => refusal({}, { args: { text: "x".repeat(100_001) } }),
      { step: "validate", rule: "too_big@text" },
    ],
    [
      "an argument nobody declared, whose name is not told",
      () => refusal({}, { args: { text: "x", canary: 1 } }),
      { step: "validate", rule: "unrecognized_keys" },
    ],
    [
      "a policy",
      () => refusal({ policy: { visible: () => true, decide: () => ({ effect: "deny", rule: "notes/no-write" }) } }),
      { step: "authorize", rule: "notes/no-write" },
    ],
    ["nobody who could approve", () => refusal(destroying), { step: "approve", rule: "default/no-approver" }],
    [
      "a person's no",
      () => refusal({ ...destroying, approver: { ask: async () => ({ approved: false, rule: "console/bob" }) } }),
      { step: "approve", rule: "console/bob" },
    ],
    [
      "a person who does not answer",
      () =>
        refusal({
          ...destroying,
          limits: { approvalWaitMs: 10 },
          approver: { ask: () => new Promise(() => undefined) },
        }),
      { step: "approve", rule: "deadline", code: "timeout" },
    ],
  ];
  it.each(refusals)("%s", async (_, refused, decision) => {
    expect(await refused()).toMatchObject(decision);
  });

  it("too many at once", async () => {
    const open = Promise.withResolvers<{ text: string }>();
    const { server, sink } = testServer({
      tools: [echoTool({ run: () => open.promise })],
      limits: { concurrency: 1, queue: 0 },
    });
    const running = walk(server);
    await walk(server);
    expect(sink.of("call.refused")).toMatchObject([{ decision: { step: "admit", rule: "concurrency" } }]);
    open.resolve({ text: "x" });
    await running;
  });
});

describe("a call that ran and failed says in its outcome where and why", () => {
  const failing: readonly [string, (text: string) => unknown, object][] = [
    ["by an entry of the tool's catalogue", () => "gone", { step: "run", rule: "error/gone" }],
    ["by an exception, whose text is not told", () => Promise.reject(new Error("canary")), { step: "run" }],
    [
      "by an answer too large",
      () => ({ text: "x", list: ["y".repeat(5_000)] }),
      { step: "check_output", rule: "result_bytes" },
    ],
    ["by an answer that fits no schema", () => ({ text: 7 }), { step: "check_output", rule: "output_schema" }],
    ["by its deadline", () => new Promise(() => undefined), { step: "run", rule: "deadline" }],
  ];
  it.each(failing)("%s", async (_, run, detail) => {
    const tool = defineTool({
      name: "echo",
      description: "Fails.",
      effect: "read",
      scope: "echo:use",
      input: z.strictObject({ text: z.string() }),
      output: z.strictObject({ text: z.string(), list: z.array(z.string()).optional() }),
      errors: { gone: { code: "not_found", message: "It is gone." } },
      limits: { maxResultBytes: 1_024, deadlineMs: 50 },
      run: ({ text }, call) => {
        const out = run(text);
        return out === "gone" ? call.fail("gone", { detail: "canary" }) : (out as never);
      },
    });
    const { server, sink } = testServer({ tools: [tool] });
    await walk(server);
    expect(sink.of("call.outcome")).toMatchObject([{ detail }]);
    expect(JSON.stringify(sink.events)).not.toContain("canary");
  });
});
