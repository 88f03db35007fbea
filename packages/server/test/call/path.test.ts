import type { Decision, Policy } from "@hardened-mcp/policy";
import { describe, expect, it } from "vitest";
import { echoTool, testServer } from "../support/server.ts";
import { alice, errorOf, walk } from "../support/walk.ts";

/** A tool that tells whether its handler ran. */
function spied(over: Parameters<typeof echoTool>[0] = {}) {
  const seen = { runs: 0 };
  const tool = echoTool({
    ...over,
    run: (args, call) => {
      seen.runs++;
      return over.run?.(args, call) ?? { text: args.text };
    },
  });
  return { seen, tool };
}

const deciding = (decide: () => unknown): Policy => ({ visible: () => true, decide: decide as () => Decision });

describe("the call path", () => {
  it("refuses a call that nobody stands behind", async () => {
    const { seen, tool } = spied();
    const { server, sink } = testServer({ tools: [tool] });
    expect(errorOf(await walk(server, { principal: null })).code).toBe("denied");
    expect(sink.events).toMatchObject([{ type: "call.refused", decision: { step: "authenticate" } }]);
    expect(seen.runs).toBe(0);
  });

  it("puts intent and outcome of a call on record, under the same reference and actor", async () => {
    const { server, sink } = testServer({ tools: [echoTool()] });
    await walk(server);
    expect(sink.events).toMatchObject([
      { type: "call.intent", actor: { subject: "alice" }, decision: { effect: "allow", rule: "default/scope-held" } },
      { type: "call.outcome", actor: { subject: "alice" }, outcome: { code: "ok", isError: false } },
    ]);
    expect(new Set(sink.of("call.intent", "call.outcome").map((event) => event.ref)).size).toBe(1);
  });

  it.each(["write", "destroy", "external"] as const)(
    "has the intent of a %s on disk before its handler starts",
    async (effect) => {
      const { server, sink } = testServer({
        tools: [
          echoTool({
            effect,
            run: ({ text }) => {
              sink.order.push("handler");
              return { text };
            },
          }),
        ],
        enable: [effect],
        policy: deciding(() => ({ effect: "allow", rule: "test" })),
      });
      await walk(server);
      expect(sink.order).toEqual(["call.intent", "durable", "handler", "call.outcome", "durable"]);
    },
  );

  it("has the outcome on disk before the answer", async () => {
    const { server, sink } = testServer({ tools: [echoTool()] });
    await walk(server);
    sink.order.push("answer");
    expect(sink.order).toEqual(["call.intent", "call.outcome", "durable", "answer"]);
  });

  it.each<[string, () => unknown, string]>([
    [
      "throws",
      () => {
        throw new Error("canary");
      },
      "internal",
    ],
    ["rejects", () => Promise.reject(new Error("canary")), "internal"],
    ["answers nothing", () => undefined, "internal"],
    ["answers null", () => null, "internal"],
    ["answers true", () => true, "denied"],
    ["answers 'allow'", () => "allow", "denied"],
    ["answers an unknown effect", () => ({ effect: "ALLOW", rule: "x" }), "denied"],
    ["answers a list", () => [{ effect: "allow" }], "denied"],
    // biome-ignore lint/suspicious/noThenProperty: the thing under test
    ["answers a thenable that is no promise", () => ({ then: () => undefined }), "denied"],
    ["promises a deny", async () => ({ effect: "deny", rule: "no" }), "denied"],
  ])("runs nothing when the policy %s", async (_, decide, code) => {
    const { seen, tool } = spied();
    const { server, sink } = testServer({ tools: [tool], policy: deciding(decide) });
    const error = errorOf(await walk(server));
    expect(error.code).toBe(code);
    expect(JSON.stringify(error)).not.toContain("canary");
    expect(seen.runs).toBe(0);
    expect(sink.events).toMatchObject([{ type: "call.refused", decision: { step: "authorize", code } }]);
  });

  it("hides a tool when the policy's visible() answers with a promise", async () => {
    const { server } = testServer({
      tools: [echoTool()],
      policy: {
        visible: (async () => false) as unknown as () => boolean,
        decide: () => ({ effect: "allow", rule: "x" }),
      },
    });
    expect(errorOf(await walk(server)).code).toBe("not_found");
  });

  it.each<[string, () => unknown, string]>([
    ["says no", async () => ({ approved: false, rule: "no" }), "approval_required"],
    ["says maybe", async () => ({ approved: "yes", rule: "no" }), "approval_required"],
    ["says nothing", async () => undefined, "internal"],
    [
      "throws",
      () => {
        throw new Error("canary");
      },
      "internal",
    ],
  ])("runs nothing when the approver %s", async (_, ask, code) => {
    const { seen, tool } = spied({ effect: "destroy" });
    const { server, sink } = testServer({ tools: [tool], enable: ["destroy"], approver: { ask: ask as never } });
    expect(errorOf(await walk(server)).code).toBe(code);
    expect(seen.runs).toBe(0);
    expect(sink.of("call.intent", "call.refused")).toMatchObject([
      { type: "call.refused", decision: { step: "approve", code } },
    ]);
  });

  it("shows the approver exactly the parsed arguments, and records its rule", async () => {
    const asked: unknown[] = [];
    const { server, sink } = testServer({
      tools: [echoTool({ effect: "destroy" })],
      enable: ["destroy"],
      approver: {
        ask: async (request) => {
          asked.push(request.args);
          return { approved: true, rule: "console/bob" };
        },
      },
    });
    expect((await walk(server)).ok).toBe(true);
    expect(asked).toEqual([{ text: "hello" }]);
    expect(sink.of("call.intent")[0]?.decision.rule).toBe("default/effect-needs-approval console/bob");
  });

  it("answers a hidden tool word for word like one that does not exist", async () => {
    const { server } = testServer({ tools: [echoTool({ name: "hidden", scope: "other:use" }), echoTool()] });
    const [hidden, missing] = [await walk(server, { name: "hidden" }), await walk(server, { name: "hiddem" })].map(
      errorOf,
    );
    expect({ ...hidden, ref: "" }).toEqual({ ...missing, ref: "" });
  });

  it("suggests the nearest visible name only", async () => {
    const { server } = testServer({ tools: [echoTool({ name: "echos", scope: "other:use" }), echoTool()] });
    expect(errorOf(await walk(server, { name: "echoss" })).message).toContain('"echo"');
    expect(errorOf(await walk(server, { name: "echos" })).message).not.toContain('"echos"');
  });

  it("denies by default without the scope, even where the policy lets the tool be seen", async () => {
    const { seen, tool } = spied();
    const { server } = testServer({ tools: [tool] });
    expect(errorOf(await walk(server, { principal: { ...alice, scopes: new Set(["*", "echo:*"]) } })).code).toBe(
      "not_found",
    );
    expect(seen.runs).toBe(0);
  });

  it.each(["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"])(
    "records the trace id of %s",
    async (traceparent) => {
      const { server, sink } = testServer({ tools: [echoTool()] });
      await walk(server, { traceparent });
      expect(sink.of("call.intent")[0]?.trace).toBe("0af7651916cd43dd8448eb211c80319c");
    },
  );

  it.each([
    7,
    {},
    "x".repeat(1e6),
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
  ])("takes no trace id from garbage", async (traceparent) => {
    const { server, sink } = testServer({ tools: [echoTool()] });
    await walk(server, { traceparent });
    expect(sink.of("call.intent")[0]?.trace).toBeUndefined();
  });
});
