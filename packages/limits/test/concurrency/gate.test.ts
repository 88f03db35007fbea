import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createConcurrencyGate } from "../../src/concurrency/gate.ts";
import { createKeyedGates } from "../../src/concurrency/keyed-gates.ts";
import { LimitError } from "../../src/limit-error.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const code = (value: string) => expect.objectContaining({ name: "LimitError", code: value });

describe("createConcurrencyGate", () => {
  it("gives a free place at once", () => {
    const gate = createConcurrencyGate({ max: 1 });
    const release = gate.enter();
    expect(typeof release).toBe("function");
    expect(gate.active).toBe(1);
    if (typeof release === "function") release();
    expect(gate.active).toBe(0);
  });

  it("serves the queue in order and never runs more than max", async () => {
    const gate = createConcurrencyGate({ max: 2, queue: 10 });
    const first = await gate.enter();
    await gate.enter();
    const order: number[] = [];
    const waits = [1, 2, 3].map(async (n) => {
      const release = await gate.enter();
      order.push(n);
      expect(gate.active).toBe(2);
      release();
    });
    expect(gate.waiting).toBe(3);
    first();
    await Promise.all(waits);
    expect(order).toEqual([1, 2, 3]);
    expect([gate.active, gate.waiting, vi.getTimerCount()]).toEqual([1, 0, 0]);
  });

  it("does not give a place twice when it is released twice", async () => {
    const gate = createConcurrencyGate({ max: 1, queue: 2 });
    const release = await gate.enter();
    const second = gate.enter();
    void gate.enter();
    release();
    release();
    await second;
    expect([gate.active, gate.waiting]).toEqual([1, 1]);
  });

  it("refuses when the queue is full", () => {
    const gate = createConcurrencyGate({ max: 1, queue: 0 });
    void gate.enter();
    expect(() => gate.enter()).toThrow(code("queue_full"));
  });

  it("gives up after the longest wait and leaves nothing behind", async () => {
    const gate = createConcurrencyGate({ max: 1, queue: 1, maxWaitMs: 100 });
    void gate.enter();
    const wait = Promise.resolve(gate.enter());
    const refused = expect(wait).rejects.toEqual(code("wait_timeout"));
    await vi.advanceTimersByTimeAsync(100);
    await refused;
    expect([gate.waiting, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("stops waiting when the caller goes away", async () => {
    const gate = createConcurrencyGate({ max: 1, queue: 1 });
    const release = await gate.enter();
    const controller = new AbortController();
    const wait = Promise.resolve(gate.enter(controller.signal));
    controller.abort();
    await expect(wait).rejects.toEqual(code("aborted"));
    release();
    expect([gate.active, gate.waiting, vi.getTimerCount()]).toEqual([0, 0, 0]);
    expect(() => gate.enter(controller.signal)).toThrow(code("aborted"));
  });

  it.each([{ max: 0 }, { max: 1.5 }, { queue: -1 }, { maxWaitMs: Number.NaN }])("refuses %j", (options) => {
    expect(() => createConcurrencyGate(options)).toThrow(RangeError);
  });
});

describe("createKeyedGates", () => {
  it("bounds each key for itself and forgets idle ones", async () => {
    const gates = createKeyedGates({ max: 1, queue: 0 });
    const a = await gates.enter("a");
    const b = await gates.enter("b");
    expect(() => gates.enter("a")).toThrow(LimitError);
    expect(gates.size).toBe(2);
    a();
    a();
    b();
    expect(gates.size).toBe(0);
  });

  it("hands a place on within a key before it forgets the key", async () => {
    const gates = createKeyedGates({ max: 1, queue: 1 });
    const first = await gates.enter("a");
    const second = gates.enter("a");
    first();
    first();
    expect(gates.size).toBe(1);
    (await second)();
    expect(gates.size).toBe(0);
  });

  it("refuses one busy key too many", () => {
    const gates = createKeyedGates({ maxKeys: 1 });
    void gates.enter("a");
    expect(() => gates.enter("b")).toThrow(code("queue_full"));
  });

  it("remembers no key whose caller was gone already", () => {
    const gates = createKeyedGates();
    expect(() => gates.enter("a", AbortSignal.abort())).toThrow(code("aborted"));
    expect(gates.size).toBe(0);
  });
});
