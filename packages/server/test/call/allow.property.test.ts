import type { Decision } from "@hardened-mcp/policy";
import fc from "fast-check";
import { expect, it } from "vitest";
import { echoTool, testServer } from "../support/server.ts";
import { alice, walk } from "../support/walk.ts";

/** What may come back, or be thrown, wherever somebody else's code is asked. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    { effect: "allow", rule: "r" },
    { effect: "deny", rule: "r" },
    { effect: "approve", rule: "r" },
    { approved: true, rule: "r" },
    { approved: false, rule: "r" },
  ),
  fc.anything(),
);
const asked = fc.record({ value: anything, how: fc.constantFrom("return", "resolve", "throw", "reject") });

function answering({ value, how }: { value: unknown; how: string }): unknown {
  if (how === "throw") throw value;
  if (how === "reject") return Promise.reject(value);
  return how === "resolve" ? Promise.resolve(value) : value;
}

it("no handler runs without an allow decision on record before it, whatever is called, decided, approved or broken", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        name: fc.constantFrom("echo", "remove", "nope", "__proto__", ""),
        args: fc.oneof(fc.constant({ text: "x" }), fc.anything()),
        principal: fc.constantFrom(alice, { ...alice, scopes: new Set<string>() }, null),
        decision: asked,
        approval: asked,
        failing: fc.constantFrom("nothing", "write", "durable", "digest"),
      }),
      async ({ name, args, principal, decision, approval, failing }) => {
        const ran: { intents: number }[] = [];
        const run = ({ text }: { text: string }) => {
          ran.push({ intents: sink.of("call.intent").filter((event) => event.decision.effect === "allow").length });
          return { text };
        };
        const { server, sink } = testServer({
          tools: [echoTool({ run }), echoTool({ name: "remove", effect: "destroy", run })],
          enable: ["destroy"],
          policy: { visible: () => true, decide: () => answering(decision) as Decision },
          approver: { ask: async () => answering(approval) as never },
        });
        const broken = (): never => {
          throw new Error("broken");
        };
        if (failing !== "nothing") sink.fail = { [failing]: failing === "durable" ? async () => broken() : broken };
        await walk(server, { name, args, principal });
        expect(ran.length).toBeLessThanOrEqual(1);
        for (const { intents } of ran) expect(intents).toBe(1);
        if (failing === "nothing") expect(sink.of("call.refused", "call.outcome")).toHaveLength(1);
      },
    ),
    { numRuns: 400 },
  );
});
