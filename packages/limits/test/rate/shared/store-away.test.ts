import { openState, type StateStore } from "@hardened-mcp/state";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { RateDecision } from "../../../src/rate/rate-limiter.ts";
import { createSharedRateLimiter } from "../../../src/rate/shared/shared-rate-limiter.ts";
import { REDIS, SERVERS, until } from "./support/stores.ts";

const RULES = { calls: { limit: 100, windowMs: 86_400_000 } };

const stores: StateStore[] = [];
afterAll(() => Promise.all(stores.map((store) => store.close())));

async function replicaOf(url: string, timeoutMs: number) {
  const store = await openState(url, { namespace: "limits", macKeys: [Buffer.alloc(32, 7)], probeMs: 20, timeoutMs });
  stores.push(store);
  const events: string[] = [];
  const limiter = createSharedRateLimiter({
    store,
    rules: RULES,
    onDegraded: (error) => events.push(error.code),
    onRestored: () => events.push("restored"),
  });
  return { events, take: async (key: string) => await limiter.take(key, "calls") };
}

describe.each(SERVERS)("%s killed in the middle", (_, start) => {
  let server: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    server = await start();
  }, 120_000);
  afterAll(() => server.stop());

  it("every call is decided, by a local limit that says so, until the store counts again", async () => {
    const here = await replicaOf(server.url, 2000);
    const there = await replicaOf(server.url, 2000);
    let running = true;
    const decisions: RateDecision[] = [];
    async function flood(): Promise<void> {
      for (let i = 0; running; i++) {
        decisions.push(await here.take(`flood-${i % 50}`));
        await new Promise(setImmediate);
      }
    }
    const floods = [flood(), flood(), flood(), flood()];
    await until("calls pass", () => decisions.length >= 40);
    expect(decisions.filter((decision) => decision.degraded)).toHaveLength(0);

    await server.kill();
    await until("calls are decided alone", () => decisions.some((decision) => decision.degraded));
    let passed = 0;
    for (let i = 0; i < 200; i++) {
      const decision = await here.take("alone");
      expect(decision.degraded).toBe(true);
      if (decision.ok) passed++;
    }
    expect(passed).toBe(100);

    await server.restart();
    for (const { take } of [here, there]) {
      await until("the store counts again", async () => !(await take("probe")).degraded);
    }
    running = false;
    await Promise.all(floods);
    expect(here.events.slice(0, 2)).toEqual(["unavailable", "restored"]);

    const after = await Promise.all(Array.from({ length: 400 }, (_, i) => [here, there][i % 2]?.take("after")));
    expect(after.filter((decision) => decision?.degraded)).toHaveLength(0);
    expect(after.filter((decision) => decision?.ok)).toHaveLength(100);
  }, 120_000);
});

describe("Redis that hangs", () => {
  it("holds up one call for its time limit, and no charge is made twice", async () => {
    const server = await REDIS();
    try {
      const { take } = await replicaOf(server.url, 200);
      expect(await take("lost")).toEqual({ ok: true });
      server.pause();
      expect(await take("lost")).toEqual({ ok: true, degraded: true });
      const start = performance.now();
      for (let i = 0; i < 1000; i++) await take(`meanwhile-${i}`);
      expect(performance.now() - start).toBeLessThan(10_000);
      server.resume();
      await until("the store counts again", async () => !(await take("probe")).degraded);
      let passed = 0;
      for (let i = 0; i < 200; i++) if ((await take("lost")).ok) passed++;
      // The charge that got no answer was made or was not.
      expect([98, 99]).toContain(passed);
    } finally {
      server.resume();
      await server.stop();
    }
  });
});
