import { expect, test } from "vitest";
import { withBreaker } from "../../src/breaker/breaker.ts";
import { checkedStore } from "../../src/checked.ts";
import type { Driver } from "../../src/driver.ts";
import { memoryDriver } from "../../src/memory/driver.ts";
import { StateError } from "../../src/state-error.ts";
import { until } from "../support/test-server.ts";

const UNAVAILABLE = { name: "StateError", code: "unavailable" };

/** A memory store whose reads do what `fault` says, until it is set to `undefined`. */
function faulty() {
  const state: { fault: (() => Promise<never>) | undefined; reads: number; probes: number } = {
    fault: undefined,
    reads: 0,
    probes: 0,
  };
  const memory = memoryDriver(() => performance.now(), 100);
  const driver: Driver = {
    ...memory,
    get(key) {
      state.reads++;
      return state.fault ? state.fault() : memory.get(key);
    },
    probe() {
      state.probes++;
      return state.fault ? state.fault() : memory.probe();
    },
  };
  return { state, driver };
}

const fail = () => Promise.reject(new Error("connection reset"));

test("after one failure nothing reaches the store but probes, and one change is told each way", async () => {
  const { state, driver } = faulty();
  const changes: boolean[] = [];
  const onChange = (available: boolean) => changes.push(available);
  const store = checkedStore(withBreaker(driver, { timeoutMs: 1_000, probeMs: 10, onChange }));
  state.fault = fail;
  await expect(store.get("a")).rejects.toMatchObject(UNAVAILABLE);
  for (let i = 0; i < 50; i++) await expect(store.get("a")).rejects.toMatchObject(UNAVAILABLE);
  expect(state.reads).toBe(1);
  await until("probes fail, too", () => state.probes >= 3);
  expect(changes).toEqual([false]);
  state.fault = undefined;
  await until("the store is back", () => changes.length === 2);
  expect(await store.get("a")).toBeUndefined();
  expect(changes).toEqual([false, true]);
  await store.close();
});

test("the error carries the cause, and nothing that hangs on it", async () => {
  const { state, driver } = faulty();
  const store = checkedStore(withBreaker(driver, { timeoutMs: 1_000, probeMs: 60_000 }));
  state.fault = () =>
    Promise.reject(Object.assign(new Error("WRONGPASS"), { code: "E1", command: { args: ["hunter2"] } }));
  const error = await store.get("a").catch((caught) => caught);
  expect(error.cause.message).toBe("E1: WRONGPASS");
  expect(error.cause).not.toHaveProperty("command");
  const next = await store.get("a").catch((caught) => caught);
  expect(next.cause.message).toBe("E1: WRONGPASS");
  await store.close();
});

test.each(["tampered", "invalid"] as const)("one entry that is %s does not take the others away", async (code) => {
  const { state, driver } = faulty();
  const store = checkedStore(withBreaker(driver, { timeoutMs: 1_000, probeMs: 60_000 }));
  state.fault = () => Promise.reject(new StateError(code, "this one"));
  await expect(store.get("a")).rejects.toMatchObject({ code });
  state.fault = undefined;
  expect(await store.get("b")).toBeUndefined();
  await store.close();
});

test("a process that was busy does not take the store for dead", async () => {
  const { driver } = faulty();
  const slow: Driver = {
    ...driver,
    // Answered long before the time limit; this process only had no time to look.
    get: () => new Promise((resolve) => setTimeout(resolve, 10, "answer")),
  };
  const store = checkedStore(withBreaker(slow, { timeoutMs: 30, probeMs: 60_000 }));
  const answer = store.get("a");
  const end = performance.now() + 80;
  while (performance.now() < end);
  expect(await answer).toBe("answer");
  await store.close();
});

test("a failure from before an outage says nothing about the store that is back", async () => {
  const { state, driver } = faulty();
  const changes: boolean[] = [];
  const onChange = (available: boolean) => changes.push(available);
  const store = checkedStore(withBreaker(driver, { timeoutMs: 5_000, probeMs: 5, onChange }));
  let failLate = () => {};
  state.fault = () =>
    new Promise((_, reject) => {
      failLate = () => reject(new Error("late"));
    });
  const early = store.get("early");
  const expected = expect(early).rejects.toMatchObject(UNAVAILABLE);
  const failEarly = failLate;
  state.fault = fail;
  await expect(store.get("a")).rejects.toMatchObject(UNAVAILABLE);
  state.fault = undefined;
  await until("the store is back", () => changes.length === 2);
  failEarly();
  await expected;
  expect(await store.get("a")).toBeUndefined();
  expect(changes).toEqual([false, true]);
  await store.close();
});

test("a hook that throws changes nothing for the operation", async () => {
  const { state, driver } = faulty();
  const warned = new Promise((resolve) => process.once("warning", resolve));
  const onChange = () => {
    throw new Error("audit log is dead");
  };
  const store = checkedStore(withBreaker(driver, { timeoutMs: 1_000, probeMs: 60_000, onChange }));
  state.fault = fail;
  await expect(store.get("a")).rejects.toMatchObject(UNAVAILABLE);
  expect(await warned).toMatchObject({ code: "HARDENED_MCP_STATE" });
  await store.close();
});
