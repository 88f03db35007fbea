import { verifyAuditLog } from "@hardened-mcp/audit";
import { describe, expect, it } from "vitest";
import { type Child, startChild } from "./support/child.ts";
import { legacyCall, post } from "./support/http.ts";
import { call, initialize } from "./support/stdio.ts";

const line = (message: unknown): string => `${JSON.stringify(message)}\n`;
const TOOLS = ["quick", "slow", "patient", "deaf"];
const EACH = 25;
const calls = Array.from({ length: EACH * TOOLS.length }, (_, at) => TOOLS[at % TOOLS.length] ?? "");

/** Calls that have begun and have no end on record. */
function openCalls(child: Child): string[] {
  const records = child.records();
  const ended = new Set(records.filter(({ type }) => type === "call.outcome").map(({ ref }) => ref));
  return records.filter(({ type, ref }) => type === "call.intent" && !ended.has(ref)).map(({ ref }) => ref);
}

async function account(child: Child) {
  const records = child.records();
  const { status } = await verifyAuditLog(child.dir);
  return {
    begun: records.filter(({ type }) => type === "call.intent").length,
    open: openCalls(child).length,
    cancelled: records.filter(({ outcome }) => outcome?.code === "cancelled").length,
    status,
    last: records.slice(-2).map(({ type }) => type),
  };
}

/** Every call that runs until it is stopped is running; the others have ended, or are about to. */
async function loaded(child: Child): Promise<void> {
  const begun = (name: string) => child.stderr().split(`${name} runs`).length - 1;
  await expect.poll(() => TOOLS.map(begun), { timeout: 20_000 }).toEqual(TOOLS.map(() => EACH));
}

async function flood(child: Child, mode: "stdio" | "http", client = new AbortController()): Promise<void> {
  if (mode === "stdio") {
    child.process.stdin.write(line(initialize) + calls.map((name, id) => line(call(id, name, {}))).join(""));
  } else {
    const serving = await child.line("stderr", (text) => text.includes('"serving"'));
    const url = new URL((JSON.parse(serving) as { address: string }).address);
    for (const [id, name] of calls.entries()) {
      post(url, legacyCall(id, name, {}), { signal: client.signal }).catch(() => undefined);
    }
  }
  await loaded(child);
}

describe.each(["stdio", "http"] as const)("a process on %s that is stopped while it is busy", (mode) => {
  it.each(["SIGTERM", "SIGINT"] as const)("by %s has an outcome on record for each call that began", async (signal) => {
    await using child = startChild(mode, "busy-server");
    await flood(child, mode);
    child.process.kill(signal);
    expect(await child.exited()).toBe(0);
    // Those that would never have ended were cancelled.
    expect(await account(child)).toEqual({
      begun: calls.length,
      open: 0,
      cancelled: 2 * EACH,
      status: "intact",
      last: ["server.stopped", "log.stopped"],
    });
  });

  it("by its client, who goes away, too", async () => {
    await using child = startChild(mode, "busy-server");
    const client = new AbortController();
    await flood(child, mode, client);
    if (mode === "stdio") child.process.stdin.end();
    else {
      client.abort();
      await expect.poll(() => openCalls(child).length, { timeout: 20_000 }).toBe(0);
      child.process.kill("SIGTERM");
    }
    expect(await child.exited()).toBe(0);
    expect(await account(child)).toMatchObject({ begun: calls.length, open: 0, status: "intact" });
  });
});
