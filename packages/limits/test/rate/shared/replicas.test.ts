import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runReplicas, startReplica } from "./support/start-replica.ts";
import { SHARED_STORES, until } from "./support/stores.ts";

const HOUR_MS = 3_600_000;

/** A window so long that it never ends in the middle of a test, and another one for each test. */
const windowMs = (test: number) => HOUR_MS * (24 + test);

describe.each(SHARED_STORES)("replicas that share %s", (_, start) => {
  let store: Awaited<ReturnType<typeof start>>;
  let folder: string;
  beforeAll(async () => {
    store = await start();
    folder = await mkdtemp(join(tmpdir(), "hardened-mcp-limits-"));
  }, 120_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await store.stop();
  });

  it("let exactly the limit pass between two of them, of 400 calls at once", async () => {
    const order = { url: store.url, rule: { limit: 100, windowMs: windowMs(0) }, takes: 200, concurrency: 200 };
    const [one, two] = await runReplicas([order, order]);
    expect((one?.allowed ?? 0) + (two?.allowed ?? 0)).toBe(100);
    expect((one?.refused ?? 0) + (two?.refused ?? 0)).toBe(300);
    expect([one?.degraded, two?.degraded]).toEqual([0, 0]);
  }, 120_000);

  it("let exactly the limit pass when their clocks are two hours apart", async () => {
    const order = { url: store.url, rule: { limit: 50, windowMs: windowMs(1) }, takes: 100, concurrency: 10 };
    const reports = await runReplicas([HOUR_MS, -HOUR_MS].map((skewMs) => ({ ...order, skewMs })));
    const [ahead, behind] = reports.map((report) => report?.now ?? 0);
    expect((ahead ?? 0) - (behind ?? 0)).toBeGreaterThan(1.9 * HOUR_MS);
    expect(reports.reduce((sum, report) => sum + (report?.allowed ?? 0), 0)).toBe(50);
  }, 120_000);

  it("never let more than the limit pass when one of them is killed in the middle", async () => {
    const limit = 1000;
    const concurrency = 8;
    const log = join(folder, "passed");
    await writeFile(log, "");
    const passed = async () => (await stat(log)).size;
    // Each by itself asks for more than there is: how far the other comes before it is killed is not known.
    const takes = limit + 100;
    const order = { url: store.url, rule: { limit, windowMs: windowMs(2) }, takes, concurrency, log };
    const [victim, survivor] = await Promise.all([startReplica(order), startReplica(order)]);
    const ends = [victim.run(), survivor.run()];
    await until("a part of the limit is used", async () => (await passed()) >= limit / 10);
    victim.kill();
    expect(await passed()).toBeLessThan(limit);
    const [dead, report] = await Promise.all(ends);
    expect(dead).toBeUndefined();
    expect(report?.refused).toBeGreaterThan(0);
    expect(await passed()).toBeLessThanOrEqual(limit);
    // What the dead one had under way was charged and never used.
    expect(await passed()).toBeGreaterThanOrEqual(limit - concurrency);
  }, 120_000);
});
