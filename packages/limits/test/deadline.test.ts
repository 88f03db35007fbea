import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { withDeadline } from "../src/deadline.ts";
import { runWithDeadline } from "../src/run-with-deadline.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const code = (value: string) => expect.objectContaining({ name: "LimitError", code: value });

describe("withDeadline", () => {
  it("aborts at the deadline, not before", () => {
    const deadline = withDeadline(100);
    vi.advanceTimersByTime(99);
    expect([deadline.signal.aborted, deadline.expired()]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([deadline.signal.aborted, deadline.expired()]).toEqual([true, true]);
    expect(deadline.signal.reason).toEqual(code("deadline"));
  });

  it("aborts with its parent, and has not expired then", () => {
    const parent = new AbortController();
    const deadline = withDeadline(100, parent.signal);
    parent.abort("gone");
    expect([deadline.signal.reason, deadline.expired(), vi.getTimerCount()]).toEqual(["gone", false, 0]);
    expect(withDeadline(100, parent.signal).signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no timer and no listener behind", () => {
    const parent = new AbortController();
    const remove = vi.spyOn(parent.signal, "removeEventListener");
    {
      using deadline = withDeadline(100, parent.signal);
      expect(deadline.signal.aborted).toBe(false);
    }
    expect([remove.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it.each([0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])(
    "refuses %d ms, which Node's timers turn into 1",
    (ms) => {
      expect(() => withDeadline(ms)).toThrow(RangeError);
    },
  );
});

describe("runWithDeadline", () => {
  it("gives the result and clears its timer", async () => {
    await expect(runWithDeadline(async () => 7, { ms: 100 })).resolves.toBe(7);
    await expect(runWithDeadline(() => 7)).resolves.toBe(7);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("passes failures on, thrown or rejected", async () => {
    const failure = new Error("x");
    await expect(runWithDeadline(() => Promise.reject(failure), { ms: 100 })).rejects.toBe(failure);
    await expect(
      runWithDeadline(() => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops waiting for work that ignores its signal, and swallows its late failure", async () => {
    let fail: (error: Error) => void = () => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    let seen: AbortSignal | undefined;
    const result = runWithDeadline(
      (signal) => {
        seen = signal;
        return work;
      },
      { ms: 100 },
    );
    const refused = expect(result).rejects.toEqual(code("deadline"));
    await vi.advanceTimersByTimeAsync(100);
    await refused;
    expect(seen?.aborted).toBe(true);
    fail(new Error("late"));
    await vi.advanceTimersByTimeAsync(0);
  });

  it("says aborted when the caller goes away, and does not start for one that is gone", async () => {
    const parent = new AbortController();
    const result = runWithDeadline(() => new Promise(() => {}), { ms: 100, signal: parent.signal });
    parent.abort();
    await expect(result).rejects.toEqual(code("aborted"));
    const run = vi.fn();
    await expect(runWithDeadline(run, { signal: parent.signal })).rejects.toEqual(code("aborted"));
    expect(run).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
