import { expect, test, vi } from "vitest";
import { withBreaker } from "../../src/breaker/breaker.ts";
import { createSlots } from "../../src/breaker/slots.ts";
import { checkedStore } from "../../src/checked.ts";
import { memoryDriver } from "../../src/memory/driver.ts";

/** A store with few connections, each operation of which takes `ms`. */
function slow(ms: number, maxConcurrent?: number) {
  let running = 0;
  const seen = { most: 0 };
  const memory = memoryDriver(() => performance.now(), 1_000);
  const driver = {
    ...memory,
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    async get(key: string) {
      seen.most = Math.max(seen.most, ++running);
      await new Promise((resolve) => setTimeout(resolve, ms));
      running--;
      return memory.get(key);
    },
  };
  return { driver, seen };
}

test("a burst waits for its turn, and the store does not count as away for it", async () => {
  const { driver, seen } = slow(20, 2);
  const changes: boolean[] = [];
  const store = checkedStore(
    withBreaker(driver, { timeoutMs: 100, probeMs: 60_000, onChange: (is) => changes.push(is) }),
  );
  // One after the other these take four times the time that one of them may.
  await Promise.all(Array.from({ length: 40 }, () => store.get("a")));
  expect([seen.most, changes]).toEqual([2, []]);
  await store.close();
});

test("who has waited too long is told so, and the store does not count as away for that either", async () => {
  const { driver } = slow(90, 1);
  const changes: boolean[] = [];
  const store = checkedStore(
    withBreaker(driver, { timeoutMs: 100, probeMs: 60_000, onChange: (is) => changes.push(is) }),
  );
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => store.get("a")));
  const refused = all.filter((one) => one.status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(20);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: "unavailable" });
  expect(changes).toEqual([]);
  await store.close();
});

test("whoever waits when the store goes away is told at once", async () => {
  const { driver } = slow(60_000, 1);
  const store = checkedStore(withBreaker(driver, { timeoutMs: 50, probeMs: 60_000 }));
  const started = performance.now();
  const all = await Promise.allSettled(Array.from({ length: 5 }, () => store.get("a")));
  expect(all.every((one) => one.status === "rejected")).toBe(true);
  expect(performance.now() - started).toBeLessThan(5_000);
  await store.close();
});

test("places are given in the order they were asked for, and none is lost to whoever gave up", async () => {
  vi.useFakeTimers();
  try {
    const slots = createSlots(1, 1_000);
    const release = await slots.take();
    const late = slots.take().catch(() => "gave up");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await late).toBe("gave up");
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (n) => {
      const done = await slots.take();
      order.push(n);
      done();
    });
    release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
