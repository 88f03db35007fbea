import { expect, test } from "vitest";
import { BOUNDS } from "../../src/defaults.ts";
import type { StateStore } from "../../src/index.ts";
import type { Pair } from "./contract.ts";

const LONG = { ttlMs: 60_000 };

const REFUSED: readonly (readonly [string, (store: StateStore) => Promise<unknown>])[] = [
  ["an empty key", (store) => store.get("")],
  ["a key of 513 bytes", (store) => store.get("k".repeat(513))],
  ["a key of 257 two-byte letters", (store) => store.get("é".repeat(257))],
  ["a key with NUL", (store) => store.get("a\0b")],
  ["half a surrogate pair in a key", (store) => store.get("a\ud800")],
  ["half a surrogate pair in a value", (store) => store.put("a", "\udc00", LONG)],
  ["a value of 64 KiB and a byte", (store) => store.put("a", "v".repeat(BOUNDS.valueBytes + 1), LONG)],
  ["no time", (store) => store.put("a", "v", { ttlMs: 0 })],
  ["less than no time", (store) => store.putIfAbsent("a", "v", { ttlMs: -1 })],
  ["half a millisecond", (store) => store.put("a", "v", { ttlMs: 0.5 })],
  ["time that is no number", (store) => store.increment("a", 1, { ttlMs: Number.NaN })],
  ["for ever", (store) => store.put("a", "v", { ttlMs: Number.POSITIVE_INFINITY })],
  ["eleven years", (store) => store.put("a", "v", { ttlMs: 11 * 365.25 * 24 * 3_600_000 })],
  ["half an addition", (store) => store.increment("a", 0.5, LONG)],
  ["a huge addition", (store) => store.increment("a", 2 ** 31, LONG)],
  ["an addition that is no number", (store) => store.increment("a", Number.NaN, LONG)],
  ["a page of none", (store) => store.list("", { limit: 0 })],
  ["a page of 1001", (store) => store.list("", { limit: 1001 })],
  ["a prefix with NUL", (store) => store.list("\0")],
  ["an empty after", (store) => store.list("", { after: "" })],
];

/** The part of the contract about what may go in. */
export function boundsContract(pair: () => Pair, fresh: () => string): void {
  test.each(REFUSED)("refuses %s", async (_, attempt) => {
    await expect(attempt(pair().first)).rejects.toMatchObject({ name: "StateError", code: "invalid" });
  });

  test("takes the longest key, and finds it in a listing", async () => {
    const { first, second } = pair();
    const start = fresh();
    const key = start + "k".repeat(BOUNDS.keyBytes - start.length);
    await first.put(key, "value", LONG);
    expect(await second.get(key)).toBe("value");
    expect((await second.list(start)).entries.map((entry) => entry.key)).toEqual([key]);
    expect((await second.increment(key, 1, LONG)).value).toBe(1);
  });

  test.each([
    ["empty", ""],
    ["of 64 KiB", "v".repeat(BOUNDS.valueBytes)],
    ["of every kind of character", "\0\u0001\n\r\u007f\u0080é\u2028\uffff\u{1f511}%_'\"\\"],
  ])("gives back a value %s as it was", async (_, value) => {
    const { first, second } = pair();
    const key = fresh();
    await first.put(key, value, LONG);
    expect(await second.get(key)).toBe(value);
    expect((await second.list(key)).entries.map((entry) => entry.value)).toEqual([value]);
    expect(await second.compareAndDelete(key, value)).toBe(true);
  });

  test("takes ten years", async () => {
    const { first } = pair();
    const key = fresh();
    await first.put(key, "long", { ttlMs: BOUNDS.ttlMs });
    expect((await first.list(key)).entries[0]?.expiresInMs).toBeGreaterThan(BOUNDS.ttlMs - 120_000);
    await first.delete(key);
  });
}
