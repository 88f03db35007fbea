import { type Decision, defaultPolicy } from "@hardened-mcp/policy";
import { describe, expect, it } from "vitest";
import { echoTool, gate, testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

const APPROVE: Decision = { effect: "approve", rule: "ask" };

/** A call that waits for a person's yes, under a policy whose mind may change while it waits. */
function waiting(now: { decision: Decision; refresh?: () => Promise<void> }) {
  const [asked, answer] = [gate(), gate<{ approved: boolean; rule: string }>()];
  const made = testServer({
    tools: [echoTool({ effect: "write" })],
    enable: ["write"],
    policy: { ...defaultPolicy, refresh: () => now.refresh?.(), decide: () => now.decision },
    approver: {
      ask: () => {
        asked.resolve();
        return answer.promise;
      },
    },
  });
  return {
    ...made,
    call: walk(made.server),
    asked: asked.promise,
    agree: () => answer.resolve({ approved: true, rule: "op" }),
  };
}

describe("a yes that comes late", () => {
  it("runs nothing that has been forbidden while the person thought about it", async () => {
    const now = { decision: APPROVE };
    const { call, asked, agree, sink } = waiting(now);
    await asked;
    now.decision = { effect: "deny", rule: "switch/read-only" };
    agree();
    expect(errorOf(await call).code).toBe("denied");
    expect(sink.of("call.intent")).toEqual([]);
    expect(sink.of("call.refused")).toMatchObject([{ decision: { step: "authorize", rule: "switch/read-only" } }]);
  });

  it("changes nothing while the state that could forbid it is away", async () => {
    const now: Parameters<typeof waiting>[0] = { decision: APPROVE, refresh: async () => undefined };
    const { call, asked, agree } = waiting(now);
    await asked;
    now.refresh = () => Promise.reject(Object.assign(new Error("away"), { name: "StateError", code: "unavailable" }));
    agree();
    expect(errorOf(await call).code).toBe("unavailable");
  });

  it("is good for what is still allowed", async () => {
    const { call, asked, agree, sink } = waiting({ decision: APPROVE });
    await asked;
    agree();
    expect((await call).ok).toBe(true);
    expect(sink.of("call.intent")).toMatchObject([{ decision: { rule: "ask op" } }]);
  });
});
