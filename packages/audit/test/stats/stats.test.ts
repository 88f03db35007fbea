import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { logStats } from "../../src/index.ts";
import { histogram } from "../../src/stats/histogram.ts";
import { topCounter } from "../../src/stats/top-counter.ts";
import { buildLog, segmentFile } from "../support/build-log.ts";
import { temporaryFolder } from "../support.ts";

test("counts types, tools, codes, actors, refusals, changes and unfinished calls", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(5);
  const decision = { effect: "deny", step: "authorize", rule: "no-delete", code: "denied" } as const;
  const actor = { subject: "mallory" };
  log.add({ type: "call.refused", ref: "x", tool: { name: "delete_file" }, actor, decision });
  log.add({ type: "auth.failed", ref: "y", decision: { ...decision, step: "authenticate", rule: undefined } });
  log.add({ type: "tool.changed", tool: { name: "write_file" }, detail: { change: "changed" } });
  log.add({
    type: "call.intent",
    ref: "z",
    tool: { name: "t" },
    args: { digest: "", bytes: 0 },
    decision: { effect: "allow", step: "authorize" },
  });
  log.roll();
  log.stop();
  appendFileSync(join(dir, segmentFile(15)), "no record\n");
  const stats = await logStats(dir);
  expect(stats).toMatchObject({ dir, segments: 2, records: 17, unfinished: 1, unreadable: 1 });
  expect(stats.types.top.slice(0, 2)).toEqual([
    { name: "call.intent", count: 6 },
    { name: "call.outcome", count: 5 },
  ]);
  expect(stats.tools.top).toEqual([
    { name: "write_file", count: 5 },
    { name: "delete_file", count: 1 },
  ]);
  expect(stats.codes.top).toEqual([
    { name: "ok", count: 5 },
    { name: "denied", count: 2 },
  ]);
  expect(stats.actors.top).toEqual([
    { name: "u-1", count: 5 },
    { name: "mallory", count: 1 },
  ]);
  expect(stats.refusals.top).toEqual([
    { name: "authenticate - denied", count: 1 },
    { name: "authorize no-delete denied", count: 1 },
  ]);
  expect(stats.changed).toEqual({ top: [{ name: "write_file", count: 1 }], missed: 0 });
  expect(stats.latency).toMatchObject({ count: 5, max: 1.5, p50: 1.5 });
});

test("counts only what lies in the time asked for, and shows gaps and why", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  // Records are 10 ms apart, the first one at this time.
  const start = 1_800_000_000_000;
  log.calls(10);
  log.stop();
  log.pass(120_000);
  log.start();
  log.pass(90_000);
  log.start();
  log.pass(60_000);
  log.calls(1);
  log.stop();
  const stats = await logStats(dir, { since: start + 50, until: start + 200 });
  const iso = (ms: number) => new Date(start + ms).toISOString();
  expect(stats).toMatchObject({ records: 15, first: iso(50), last: iso(190), gaps: [] });
  expect((await logStats(dir)).gaps).toEqual([
    { after: 21, from: iso(210), to: iso(120_220), ms: 120_010, why: "stopped" },
    { after: 22, from: iso(120_220), to: iso(210_230), ms: 90_010, why: "crashed" },
    { after: 23, from: iso(210_230), to: iso(270_240), ms: 60_010, why: "silent" },
  ]);
  expect(await logStats(dir, { since: start + 1e9 })).toMatchObject({ records: 0, first: undefined, last: undefined });
});

test("a million names do not exhaust memory, and do not hide the frequent ones", () => {
  const counter = topCounter(100);
  for (let i = 0; i < 100_000; i++) {
    counter.add(`u-${i}`);
    if (i % 10 === 0) counter.add("often");
  }
  const [first] = counter.top(1);
  expect(first?.name).toBe("often");
  expect(first!.count + counter.missed).toBeGreaterThanOrEqual(10_000);
  expect(first!.count).toBeLessThanOrEqual(10_000);
});

test("percentiles are at most a tenth too high", () => {
  const durations = histogram();
  for (let ms = 1; ms <= 1000; ms++) durations.add(ms);
  for (const wrong of [Number.NaN, -1, Number.POSITIVE_INFINITY]) durations.add(wrong);
  expect(durations.count).toBe(1000);
  for (const share of [0.5, 0.9, 0.99]) {
    expect(durations.percentile(share)).toBeGreaterThanOrEqual(1000 * share);
    expect(durations.percentile(share)).toBeLessThanOrEqual(1100 * share);
  }
  expect(durations.percentile(1)).toBe(1000);
  expect(histogram().percentile(0.5)).toBeUndefined();
});
