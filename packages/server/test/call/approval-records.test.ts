import { describe, expect, it } from "vitest";
import type { Approver } from "../../src/approval.ts";
import { echoTool, testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

function server(ask: Approver["ask"], approvalWaitMs = 5_000) {
  const made = testServer({
    tools: [echoTool({ effect: "destroy" })],
    enable: ["destroy"],
    limits: { approvalWaitMs },
    approver: { ask },
  });
  const records = () =>
    made.sink.events.map((event) => ({ type: event.type, ...("decision" in event ? event.decision : {}) }));
  return { ...made, records };
}

const yes: Approver["ask"] = async () => ({ approved: true, rule: "console/bob" });

describe("an approval", () => {
  it("is on record from the question to the call that used the yes", async () => {
    const { server: guarded, records, sink } = server(yes);
    expect((await walk(guarded)).ok).toBe(true);
    expect(records()).toEqual([
      { type: "approval.requested", effect: "approve", step: "authorize", rule: "default/effect-needs-approval" },
      { type: "approval.decided", effect: "allow", step: "approve", rule: "console/bob" },
      {
        type: "approval.consumed",
        effect: "allow",
        step: "approve",
        rule: "default/effect-needs-approval console/bob",
      },
      {
        type: "call.intent",
        effect: "allow",
        step: "authorize",
        rule: "default/effect-needs-approval console/bob",
      },
      { type: "call.outcome" },
    ]);
    const refs = new Set(sink.events.map((event) => ("ref" in event ? event.ref : undefined)));
    expect(refs.size).toBe(1);
    const digests = sink.of("approval.requested", "approval.decided", "approval.consumed", "call.intent");
    expect(new Set(digests.map(({ args }) => args?.digest)).size).toBe(1);
  });

  it("is on disk before the person is asked", async () => {
    const { server: guarded, sink } = server(async () => {
      sink.order.push("asked");
      return { approved: true, rule: "x" };
    });
    await walk(guarded);
    expect(sink.order.slice(0, 3)).toEqual(["approval.requested", "durable", "asked"]);
  });

  it("asks nobody what cannot be recorded", async () => {
    let asked = 0;
    const { server: guarded, sink } = server(async () => ({ approved: asked++ === 0, rule: "x" }));
    sink.fail.durable = async () => {
      throw new Error("disk full");
    };
    expect(errorOf(await walk(guarded)).code).toBe("unavailable");
    expect(asked).toBe(0);
  });

  it("is told as a no, with the rule", async () => {
    const { server: guarded, records } = server(async () => ({ approved: false, rule: "console/eve" }));
    expect(errorOf(await walk(guarded)).code).toBe("approval_required");
    expect(records().slice(1)).toEqual([
      { type: "approval.decided", effect: "deny", step: "approve", rule: "console/eve" },
      { type: "call.refused", effect: "deny", step: "approve", rule: "console/eve", code: "approval_required" },
    ]);
  });

  const silences: readonly [string, Approver["ask"], object][] = [
    ["in time", () => new Promise(() => undefined), { rule: "deadline", code: "timeout" }],
    [
      "because its channel failed",
      () => Promise.reject(new Error("canary")),
      { rule: "approver_failed", code: "internal" },
    ],
    ["because its channel said nothing", async () => undefined as never, { rule: "approver_failed", code: "internal" }],
  ];
  it.each(silences)("that nobody answers %s has expired, and was not decided", async (_, ask, told) => {
    const { server: guarded, records, sink } = server(ask, 20);
    await walk(guarded);
    expect(records().map(({ type }) => type)).toEqual(["approval.requested", "approval.expired", "call.refused"]);
    expect(records()[1]).toMatchObject({ effect: "deny", step: "approve", ...told });
    expect(JSON.stringify(sink.events)).not.toContain("canary");
  });

  it("that the client did not wait for has expired", async () => {
    const client = new AbortController();
    const { server: guarded, sink } = server(() => {
      client.abort();
      return new Promise(() => undefined);
    });
    await walk(guarded, { signal: client.signal });
    expect(sink.of("approval.expired")).toMatchObject([{ decision: { rule: "client_gone", code: "cancelled" } }]);
  });

  it("is not consumed by a call that was forbidden in the meantime", async () => {
    let decided = 0;
    const made = testServer({
      tools: [echoTool({ effect: "write" })],
      enable: ["write"],
      policy: {
        visible: () => true,
        decide: () => (decided++ === 0 ? { effect: "approve", rule: "ask" } : { effect: "deny", rule: "off" }),
      },
      approver: { ask: yes },
    });
    await walk(made.server);
    expect(made.sink.events.map(({ type }) => type)).toEqual([
      "approval.requested",
      "approval.decided",
      "call.refused",
    ]);
  });
});
