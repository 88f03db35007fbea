import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/config-error.ts";
import { serve } from "../../src/serve.ts";
import { realAudit } from "../support/audit.ts";
import { echoTool, testServer } from "../support/server.ts";
import { lockFile, lockFor, REVIEWED, start } from "./support/locked.ts";

const changed = { ...REVIEWED, tools: [echoTool({ description: "Other." }), REVIEWED.tools[1]] };

describe("the audit log", () => {
  it("has a refused start on disk before the process ends, with each definition, what it was and what of it is another", async () => {
    const audit = await realAudit();
    const { server } = testServer({ ...changed, audit: audit.log });
    const serving = serve(server, { http: { port: 0 }, ownProcess: false, toolsLock: { file: lockFile() } });
    await expect(serving).rejects.toThrow(ConfigError);
    const records = await audit.records();
    expect(records.map(({ type }) => type)).toEqual(["log.opened", "config.loaded", "tool.changed"]);
    expect(records[2]).toMatchObject({
      tool: { name: "echo", def: server.operations[0]?.definition, effect: "read" },
      detail: {
        change: "changed",
        was: lockFor().tools["echo"]?.definition,
        against: "tools.lock",
        kind: "tool",
        parts: "description",
      },
    });
  });

  it("keeps what a refused start offered out of what the next one is compared with", async () => {
    const compared: unknown[] = [];
    const { sink } = testServer();
    const drift = (tools: unknown) => {
      compared.push(tools);
      return [];
    };
    const audit = { ...sink, drift };
    const { refused } = await start({ ...changed, audit }, {});
    expect(refused).toBeInstanceOf(ConfigError);
    expect(compared).toEqual([]);
  });

  it("names the accepted lock by its digest, after the start", async () => {
    const { sink } = await start(REVIEWED, {});
    expect(sink.order).toEqual(["server.started", "config.loaded", "durable"]);
  });

  it("has drift that is allowed as a weakening, and the log has it as a warning", async () => {
    const audit = await realAudit();
    const { server, entries } = testServer({ ...changed, instructions: "Other.", audit: audit.log });
    const toolsLock = { file: lockFile(), dangerouslyAllowDrift: true };
    const running = await serve(server, { http: { port: 0 }, ownProcess: false, toolsLock });
    await running.stop("test");
    const records = await audit.records();
    const flag = "--dangerously-allow-tool-drift";
    expect(records.filter(({ type }) => type === "weakening").map(({ detail }) => detail)).toEqual([{ flag }]);
    expect(records.find(({ detail }) => detail?.["what"] === "tools.lock")?.detail).toMatchObject({
      outcome: "allowed",
      why: "drift",
      differences: 2,
      "instructions.was": lockFor().instructions,
    });
    expect(records.filter(({ type }) => type === "tool.changed")).toHaveLength(1);
    const warned = entries().find((line) => line["why"] === "drift");
    expect(warned).toMatchObject({ level: 40, lines: ["instructions: changed", "tool echo: description changed"] });
  });

  it("has a lock that cannot be used on record as that, and as nothing else", async () => {
    const missing = await start(REVIEWED, { file: "/nonexistent/tools.lock.json" });
    expect(missing.detail).toMatchObject({ outcome: "refused", why: "missing" });
    expect(missing.sink.order).toEqual(["config.loaded", "durable"]);
    expect((await start(REVIEWED, { file: lockFile("{") })).detail).toMatchObject({ outcome: "refused", why: "unfit" });
    const allowed = await start(REVIEWED, { file: lockFile("{"), dangerouslyAllowDrift: true });
    expect(allowed.refused).toBeUndefined();
    expect(allowed.entries().at(-1)).toMatchObject({
      level: 40,
      why: "unfit",
      lines: [expect.stringContaining("not JSON"), expect.anything()],
    });
  });

  it("keeps a start from being refused unseen: without the record there is no answer but the log's own failure", async () => {
    const made = testServer(changed);
    made.sink.fail.durable = async () => Promise.reject(new Error("disk full"));
    const serving = serve(made.server, { stdio: true, toolsLock: { file: lockFile() } });
    await expect(serving).rejects.toThrow("disk full");
  });

  it("refuses an option that nobody declared", async () => {
    const toolsLock = { file: lockFile(), dangerouslyAllowDrft: false } as never;
    await expect(serve(testServer().server, { stdio: true, toolsLock })).rejects.toThrow(
      'Did you mean "dangerouslyAllowDrift"?',
    );
  });
});
