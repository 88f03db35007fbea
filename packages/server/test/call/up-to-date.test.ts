import { defaultPolicy, type Policy } from "@hardened-mcp/policy";
import { describe, expect, it } from "vitest";
import { echoTool, testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

class StateError extends Error {
  override readonly name = "StateError";
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const tools = [echoTool(), echoTool({ name: "put", effect: "write" })];

/** A policy whose state answers, fails or is away, as the test says. */
function serverOn(refresh: NonNullable<Policy["refresh"]>, staleStateMs = 60_000) {
  return testServer({ tools, enable: ["write"], policy: { ...defaultPolicy, refresh }, limits: { staleStateMs } });
}

const away = () => Promise.reject(new StateError("unavailable"));

describe("a policy that stands on shared state", () => {
  it("is brought up to date before anything is found or decided", async () => {
    const order: string[] = [];
    const { server } = testServer({
      tools,
      policy: {
        refresh: async () => void order.push("refresh"),
        visible: () => order.push("visible") > 0,
        decide: () => {
          order.push("decide");
          return { effect: "allow", rule: "r" };
        },
      },
    });
    expect((await walk(server)).ok).toBe(true);
    expect(order).toEqual(["refresh", "visible", "decide"]);
  });

  it("goes on reading with what it last knew while the store is away, and writes nothing", async () => {
    let answers: () => Promise<void> = async () => undefined;
    const { server, sink } = serverOn(() => answers());
    expect((await walk(server)).ok).toBe(true);
    answers = away;
    expect((await walk(server)).ok).toBe(true);
    expect(sink.of("call.intent").map(({ detail }) => detail?.["degraded"])).toEqual([undefined, true]);
    expect(errorOf(await walk(server, { name: "put" }))).toMatchObject({ code: "unavailable", retryable: true });
    expect(sink.of("call.refused")).toMatchObject([
      { decision: { step: "admit", code: "unavailable", rule: "state-away" } },
    ]);
    expect(sink.of("call.intent").map(({ tool }) => tool.name)).toEqual(["echo", "echo"]);
    answers = async () => undefined;
    expect((await walk(server, { name: "put" })).ok).toBe(true);
  });

  it.each<[string, () => Promise<void>, number, boolean]>([
    ["before it has known anything", away, 60_000, false],
    ["when what it knew is too old", away, -1, true],
    ["when the store has been tampered with", () => Promise.reject(new StateError("tampered")), 60_000, true],
    ["when it fails in no known way", () => Promise.reject(new Error("canary")), 60_000, true],
  ])("lets nothing through %s", async (_, fails, staleStateMs, knewBefore) => {
    let answers: () => Promise<void> = knewBefore ? async () => undefined : fails;
    const { server, sink } = serverOn(() => answers(), staleStateMs);
    if (knewBefore) expect((await walk(server)).ok).toBe(true);
    answers = fails;
    const answer = await walk(server);
    expect(errorOf(answer)).toMatchObject({ code: "unavailable" });
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(sink.of("call.refused")).toMatchObject([{ decision: { rule: "policy-state-away" } }]);
  });

  it("refuses writes of a caller who was checked while the store was away", async () => {
    const { server } = serverOn(async () => undefined);
    const origin = {
      transport: "http" as const,
      principal: (await import("../support/walk.ts")).alice,
      degraded: true,
    };
    expect((await walk(server, { origin })).ok).toBe(true);
    expect(errorOf(await walk(server, { origin, name: "put" })).code).toBe("unavailable");
  });
});
