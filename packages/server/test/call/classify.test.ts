import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Effect } from "../../src/effect.ts";
import { type Decision, defineTool, manifestOf, type Policy, type PolicyTarget } from "../../src/index.ts";
import { testServer } from "../support/server.ts";
import { alice, errorOf, walk } from "../support/walk.ts";

/** A tool that does what its argument says, as a database does what a statement says. */
function change(over: { effectOf?: (word: string) => unknown } = {}) {
  const runs: Effect[] = [];
  const tool = defineTool({
    name: "echo",
    description: "Changes something.",
    effect: "destroy",
    milder: ["write"],
    scope: "echo:use",
    input: z.strictObject({ text: z.string() }),
    output: z.strictObject({ effect: z.string() }),
    errors: { nonsense: { code: "invalid_input", message: "That is no change." } },
    effectOf: ({ text }, call) => {
      if (text === "nonsense") return call.fail("nonsense");
      return (over.effectOf === undefined ? text : over.effectOf(text)) as Effect;
    },
    run: (_, call) => {
      runs.push(call.effect);
      return { effect: call.effect };
    },
  });
  return { tool, runs };
}

const enable = ["write", "destroy"] as const;
const as = (text: string) => ({ args: { text } });

/** Allows calls of some effects. */
function allowing(...effects: Effect[]): Policy & { readonly asked: PolicyTarget[] } {
  const asked: PolicyTarget[] = [];
  return {
    asked,
    visible: (_, target) => target.scope === undefined || effects.includes(target.effect),
    decide: (_, target): Decision => {
      asked.push(target);
      return { effect: target.scope === undefined || effects.includes(target.effect) ? "allow" : "deny", rule: "test" };
    },
  };
}

describe("a tool whose arguments decide what it does", () => {
  it("is decided, recorded and run as what the call turns out to be", async () => {
    const { tool, runs } = change();
    const policy = allowing("write", "destroy");
    const { server, sink } = testServer({ tools: [tool], enable, policy });
    for (const [effect, needsApproval] of [
      ["write", false],
      ["destroy", true],
    ] as const) {
      expect((await walk(server, as(effect))).ok).toBe(true);
      expect(policy.asked.at(-1)).toMatchObject({ effect, needsApproval });
    }
    expect(runs).toEqual(["write", "destroy"]);
    const records = sink.of("call.intent", "call.outcome");
    expect(records.map(({ tool: recorded }) => recorded?.effect)).toEqual(["write", "write", "destroy", "destroy"]);
    expect(sink.order.slice(0, 2)).toEqual(["call.intent", "durable"]);
  });

  it.each([
    ["write", "destroy"],
    ["destroy", "write"],
  ] as const)("is seen by who may only %s, and not run as a %s", async (may, mayNot) => {
    const { tool, runs } = change();
    const { server, sink } = testServer({ tools: [tool], enable, policy: allowing(may) });
    const listed = await walk(server, { method: "tools/list", name: "tools/list", args: {} });
    expect(listed).toMatchObject({ result: { tools: [{ name: "echo", annotations: { destructiveHint: true } }] } });
    expect((await walk(server, as(may))).ok).toBe(true);
    expect(errorOf(await walk(server, as(mayNot))).code).toBe("denied");
    expect(runs).toEqual([may]);
    expect(sink.of("call.refused")).toMatchObject([{ tool: { effect: mayNot }, decision: { step: "authorize" } }]);
  });

  it("is not there for who may do neither", async () => {
    const { server } = testServer({ tools: [change().tool], enable, policy: allowing("read") });
    expect(errorOf(await walk(server, as("write"))).code).toBe("not_found");
  });

  it("is not asked about a call that is refused whatever it is: what it would say may be none of the caller's business", async () => {
    let asked = 0;
    const effectOf = (word: string) => {
      asked++;
      return word;
    };
    const policy: Policy = {
      visible: () => true,
      decide: (_, { scope }, args) => ({
        effect: scope === undefined || (args as { text: string }).text === "write" ? "allow" : "deny",
        rule: "by-argument",
      }),
    };
    const { server, sink } = testServer({ tools: [change({ effectOf }).tool], enable, policy });
    for (const text of ["destroy", "nonsense"]) {
      expect(errorOf(await walk(server, as(text)))).toMatchObject({ code: "denied" });
    }
    expect(asked).toBe(0);
    expect(sink.of("call.refused").map(({ decision }) => decision)).toMatchObject([
      { step: "authorize", rule: "by-argument" },
      { step: "authorize", rule: "by-argument" },
    ]);
    expect((await walk(server, as("write"))).ok).toBe(true);
    expect(asked).toBe(1);
  });

  it("asks a person about what destroys, and not about what only adds", async () => {
    const { tool, runs } = change();
    const asked: string[] = [];
    const approver = {
      ask: async ({ target }: { target: PolicyTarget }) => {
        asked.push(target.effect);
        return { approved: true, rule: "bob" };
      },
    };
    const { server } = testServer({ tools: [tool], enable, approver });
    await walk(server, as("write"));
    await walk(server, as("destroy"));
    expect(asked).toEqual(["destroy"]);
    expect(runs).toEqual(["write", "destroy"]);
  });

  it.each<[string, () => unknown]>([
    ["a stronger effect", () => "external"],
    ["a milder one that it has not declared", () => "read"],
    ["no effect", () => "WRITE"],
    ["nothing", () => null],
    ["an object", () => ({ effect: "write" })],
    [
      "an error",
      () => {
        throw new Error("canary");
      },
    ],
    ["a rejection", () => Promise.reject(new Error("canary"))],
  ])("runs nothing when it says %s", async (_, effectOf) => {
    const { tool, runs } = change({ effectOf });
    const policy = allowing("read", "write", "destroy", "external");
    const { server, sink } = testServer({ tools: [tool], enable, policy });
    const error = errorOf(await walk(server, as("write")));
    expect(error).toMatchObject({ code: "internal" });
    expect(JSON.stringify(error)).not.toContain("canary");
    expect(runs).toEqual([]);
    expect(sink.of("call.refused")).toMatchObject([{ decision: { step: "classify", code: "internal" } }]);
  });

  it("may refuse by its own catalogue, with the arguments on record", async () => {
    const { server, sink } = testServer({ tools: [change().tool], enable });
    expect(errorOf(await walk(server, as("nonsense")))).toMatchObject({
      code: "invalid_input",
      message: "That is no change.",
    });
    expect(sink.of("call.refused")).toMatchObject([
      { args: { bytes: 19 }, decision: { step: "classify", rule: "error/nonsense" } },
    ]);
  });

  it("is stopped when finding out takes longer than the deadline", async () => {
    const { tool, runs } = change({ effectOf: () => new Promise(() => {}) });
    const { server } = testServer({ tools: [tool], enable, limits: { deadlineMs: 20 } });
    expect(errorOf(await walk(server, as("write"))).code).toBe("timeout");
    expect(runs).toEqual([]);
  });

  it("is let in at the price of the mildest, and pays for more before more is done", async () => {
    const { tool, runs } = change();
    const policy = allowing("write", "destroy");
    const { server } = testServer({ tools: [tool], enable, policy });
    const codes: string[] = [];
    for (let call = 0; call < 61; call++) {
      const answer = await walk(server, as(call < 21 ? "destroy" : "write"));
      codes.push(answer.ok ? "ok" : answer.error.code);
    }
    // 20 a minute destroy, and 60 a minute in all: the first refusal is the 21st that destroys, the last the 61st call.
    expect(codes.flatMap((code, at) => (code === "ok" ? [] : [at, code]))).toEqual([
      20,
      "rate_limited",
      60,
      "rate_limited",
    ]);
    expect(runs.filter((effect) => effect === "destroy")).toHaveLength(20);
  });

  it("is charged a day's budget once", async () => {
    const { server } = testServer({
      tools: [change().tool],
      enable,
      policy: allowing("write", "destroy"),
      limits: { costPerDay: 3 },
    });
    for (const effect of ["write", "destroy", "write"]) expect((await walk(server, as(effect))).ok).toBe(true);
    expect(errorOf(await walk(server, as("write"))).code).toBe("rate_limited");
  });

  it("tells policies what it may turn out to be, and another list is another definition", () => {
    const { server } = testServer({ tools: [change().tool], enable });
    expect(manifestOf(server, "test").operations).toMatchObject([
      { name: "echo", effect: "destroy", needsApproval: true, milder: [{ effect: "write", needsApproval: false }] },
    ]);
    const wider = testServer({
      tools: [Object.freeze({ ...change().tool, milder: ["write", "read"] as const })],
      enable,
    });
    expect(wider.server.operations[0]?.definition).not.toBe(server.operations[0]?.definition);
  });

  it.each<[string, object, string]>([
    ["an effect that is no milder", { milder: ["destroy"] }, '"destroy" is not milder than "destroy"'],
    ["one that compares with nothing", { milder: ["external"] }, "is not milder"],
    ["one twice", { milder: ["write", "write"] }, "names an effect twice"],
    ["none, and yet a way to find out", { milder: [] }, "milder and effectOf need each other"],
    ["some, and no way to find out", { effectOf: undefined }, "milder and effectOf need each other"],
  ])("does not start with %s", (_, over, problem) => {
    const tool = { ...change().tool, ...over } as ReturnType<typeof defineTool>;
    expect(() => testServer({ tools: [tool], enable })).toThrow(problem);
  });

  it("is not registered where only the milder effect is enabled: it could do more", async () => {
    const { server } = testServer({ tools: [change().tool], enable: ["write"] });
    expect(errorOf(await walk(server, { ...as("write"), principal: alice })).code).toBe("not_found");
  });
});

it("is another tool once what is pinned of it changes", () => {
  const definition = (pinned?: string) => {
    const tool = Object.freeze({ ...change().tool, pinned });
    return testServer({ tools: [tool], enable }).server.operations[0]?.definition;
  };
  expect(new Set([definition(), definition("select 1"), definition("select 2")]).size).toBe(3);
  expect(definition("select 1")).toBe(definition("select 1"));
});
