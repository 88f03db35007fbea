import { describe, expect, it } from "vitest";
import { compareDefinitions } from "../../../audit/src/definitions/definitions.ts";
import type { AuditTool } from "../../../audit/src/index.ts";
import { recordStart, type StartFacts } from "../../src/start/record-start.ts";
import { realAudit } from "../support/audit.ts";
import { echoTool, testServer } from "../support/server.ts";
import { createFakeSink, type FakeSink } from "../support/sink.ts";

async function started(facts: Partial<StartFacts> = {}, more: Partial<FakeSink> = {}) {
  const sink = Object.assign(createFakeSink(), more);
  const made = testServer({ tools: [echoTool()], audit: sink });
  await recordStart(made.server, { transport: "stdio", config: undefined, weakening: [], ...facts });
  return { ...made, sink };
}

const ghp = `ghp_${"a1B2".repeat(9)}`;

describe("a start", () => {
  it("is on disk with every tool's definition before anything else happens", async () => {
    const { sink, server } = await started();
    expect(sink.order).toEqual(["server.started", "durable"]);
    const [tool] = server.operations;
    expect(sink.of("server.started")[0]?.tools).toEqual([{ name: "echo", def: tool?.definition, effect: "read" }]);
  });

  it("has the configuration on record, flat, with the same digest, and no secret in it", async () => {
    const { sink } = await started({ config: { port: 1, token: "canary", note: `see ${ghp}` } });
    const [loaded] = sink.of("config.loaded");
    expect(loaded?.detail).toMatchObject({ what: "server", "config.port": 1, "config.token": "(masked)" });
    expect(loaded?.detail?.["digest"]).toBe(sink.of("server.started")[0]?.config);
    expect(JSON.stringify(sink.events)).not.toMatch(/canary|ghp_/);
  });

  it("tells one secret from another by a keyed digest, and by nothing else", async () => {
    const loaded = async (token: string) => (await started({ config: { token } })).sink.of("config.loaded")[0]?.detail;
    const [one, same, other] = [await loaded("a"), await loaded("a"), await loaded("b")];
    expect(same).toEqual(one);
    expect(other?.["keyed"]).not.toBe(one?.["keyed"]);
    expect({ ...other, keyed: "" }).toEqual({ ...one, keyed: "" });
  });

  it("has every one of many tools on record, however many fit into one", async () => {
    const audit = await realAudit();
    const tools = Array.from({ length: 450 }, (_, at) => echoTool({ name: `${"a".repeat(60)}_${at}` }));
    const { server } = testServer({ tools, audit: audit.log });
    await recordStart(server, { transport: "stdio", config: undefined, weakening: [] });
    const details = (await audit.records()).map(({ detail = {} }) => detail);
    const ofTools = details.filter((detail) => detail["what"] === "tools");
    expect(ofTools).toHaveLength(3);
    const recorded = Object.assign({}, ...ofTools) as Record<string, unknown>;
    for (const { target, definition } of server.operations) {
      expect(recorded[`tool.${target.name}`]).toBe(`read ${definition}`);
    }
  });

  it("has each weakening flag on record, and in the log", async () => {
    const { sink, entries } = await started({ weakening: ["--dangerously-a", "--dangerously-b"] });
    expect(sink.of("weakening").map(({ detail }) => detail?.["flag"])).toEqual(["--dangerously-a", "--dangerously-b"]);
    expect(entries().map((line) => line["flag"])).toEqual(["--dangerously-a", "--dangerously-b"]);
  });

  it("has each tool that is not what it was on record, and in the log as a warning", async () => {
    const asked: unknown[] = [];
    const changed = {
      type: "tool.changed",
      tool: { name: "echo", def: "new" },
      detail: { change: "changed", was: "old" },
    } as const;
    const drift = (tools: unknown) => {
      asked.push(tools);
      return [changed];
    };
    const { sink, entries } = await started({}, { drift });
    expect(asked).toEqual([sink.of("server.started")[0]?.tools]);
    expect(sink.of("tool.changed")).toEqual([changed]);
    expect(entries()).toMatchObject([{ level: 40, tool: "echo", def: "new", change: "changed", was: "old" }]);
  });

  it("does not take a tool that is off for one that is gone, and sees it changed once it is on again", async () => {
    const audit = await realAudit();
    const startWith = async (description: string, enable: readonly "write"[]) => {
      const drift = (tools: readonly AuditTool[], off: readonly string[]) => compareDefinitions(audit.dir, tools, off);
      const tools = [echoTool(), echoTool({ name: "change", description, effect: "write" })];
      const sink = Object.assign(createFakeSink(), { drift });
      const { server, entries } = testServer({ tools, enable, audit: sink });
      await recordStart(server, { transport: "stdio", config: undefined, weakening: [] });
      return { warned: entries().length, changes: sink.of("tool.changed").map(({ detail }) => detail?.["change"]) };
    };
    expect(await startWith("Change a thing.", ["write"])).toEqual({ warned: 0, changes: [] });
    expect(await startWith("Change a thing.", [])).toEqual({ warned: 0, changes: [] });
    expect(await startWith("Change all things.", [])).toEqual({ warned: 0, changes: [] });
    expect(await startWith("Change all things.", ["write"])).toEqual({ warned: 1, changes: ["changed"] });
  });

  it("names in the log the calls of an earlier run whose fate nobody knows", async () => {
    const unfinished = Array.from({ length: 25 }, (_, at) => ({ seq: at, ref: `r${at}`, tool: { name: "echo" } }));
    const { entries } = await started({}, { recovered: { unfinished } });
    const [line] = entries() as [{ level: number; unfinished: number; calls: unknown[] }];
    expect(line).toMatchObject({ level: 40, unfinished: 25 });
    expect(line.calls).toHaveLength(20);
    expect(line.calls[3]).toEqual({ ref: "r3", tool: "echo", intent: 3 });
  });

  it("says nothing of calls that all have ended", async () => {
    const { entries } = await started({}, { recovered: { unfinished: [] } });
    expect(entries()).toEqual([]);
  });

  it("fails when it cannot be recorded", async () => {
    const sink = createFakeSink();
    sink.fail.durable = async () => {
      throw new Error("disk full");
    };
    const { server } = testServer({ audit: sink });
    await expect(recordStart(server, { transport: "stdio", config: {}, weakening: [] })).rejects.toThrow("disk full");
  });
});
