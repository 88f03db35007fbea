import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StateStore } from "../../src/index.ts";
import { until } from "../support/test-server.ts";
import { boundsContract } from "./contract-bounds.ts";
import { listContract } from "./contract-list.ts";

/** Two replicas on one store, each with connections of its own. */
export interface Pair {
  readonly first: StateStore;
  readonly second: StateStore;
}

const LONG = { ttlMs: 60_000 };

/** What every store promises. A driver is done when this passes, raw and sealed. */
export function contract(name: string, open: () => Promise<Pair>): void {
  describe(`${name} keeps the contract:`, () => {
    let first: StateStore;
    let second: StateStore;

    beforeAll(async () => {
      ({ first, second } = await open());
    });
    afterAll(() => Promise.all([first.close(), second.close()]));

    /** Keys of one test, so that tests need no order. */
    const fresh = () => `${randomUUID()}/`;

    test("what one replica puts, the other gets", async () => {
      const key = fresh();
      await first.put(key, "value", LONG);
      expect(await second.get(key)).toBe("value");
    });

    test("put replaces, and delete removes for all", async () => {
      const key = fresh();
      await first.put(key, "old", LONG);
      await second.put(key, "new", LONG);
      expect(await first.get(key)).toBe("new");
      await first.delete(key);
      expect(await second.get(key)).toBeUndefined();
      await first.delete(key);
    });

    // Side by side: these wait for time to pass.
    test.concurrent("an entry ends by itself", async () => {
      const key = fresh();
      await first.put(key, "brief", { ttlMs: 150 });
      expect(await second.get(key)).toBe("brief");
      await until("the entry has expired", async () => (await second.get(key)) === undefined);
      expect(await first.compareAndDelete(key, "brief")).toBe(false);
      expect((await first.list(key)).entries).toEqual([]);
    });

    test.concurrent("put gives a new end, a shorter one as well", async () => {
      const key = fresh();
      await first.put(key, "a", LONG);
      await first.put(key, "a", { ttlMs: 50 });
      await until("the entry has expired", async () => (await first.get(key)) === undefined);
    });

    test.concurrent("what has expired is absent", async () => {
      const key = fresh();
      expect(await first.putIfAbsent(key, "one", { ttlMs: 50 })).toBe(true);
      await until("there is room again", () => second.putIfAbsent(key, "two", LONG));
      expect(await first.get(key)).toBe("two");
    });

    test.concurrent("putIfAbsent leaves value and end of the one who was first", async () => {
      const key = fresh();
      await first.putIfAbsent(key, "one", { ttlMs: 200 });
      expect(await second.putIfAbsent(key, "two", LONG)).toBe(false);
      expect(await second.get(key)).toBe("one");
      await until("the first entry has expired", async () => (await second.get(key)) === undefined);
    });

    test.concurrent("a count's time runs from the first addition", async () => {
      const key = fresh();
      const one = await first.increment(key, 1, { ttlMs: 300 });
      expect(one).toEqual({ value: 1, expiresInMs: expect.any(Number) });
      const two = await second.increment(key, 1, LONG);
      expect(two.value).toBe(2);
      expect(two.expiresInMs).toBeGreaterThan(0);
      expect(two.expiresInMs).toBeLessThanOrEqual(one.expiresInMs);
      await until("the count starts anew", async () => (await second.increment(key, 1, { ttlMs: 300 })).value === 1);
    });

    test("of 128 who put what is absent, one wins", async () => {
      const key = fresh();
      const all = Array.from({ length: 128 }, (_, index) =>
        (index % 2 ? first : second).putIfAbsent(key, `writer ${index}`, LONG),
      );
      const won = (await Promise.all(all)).flatMap((winner, index) => (winner ? [index] : []));
      expect(won).toHaveLength(1);
      expect(await first.get(key)).toBe(`writer ${won[0]}`);
    });

    test("of 200 who compare and delete, one wins", async () => {
      const key = fresh();
      await first.put(key, "grant", LONG);
      const all = Array.from({ length: 200 }, (_, index) =>
        (index % 2 ? first : second).compareAndDelete(key, "grant"),
      );
      expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1);
      expect(await first.get(key)).toBeUndefined();
    });

    test.each(["grant ", "Grant", "gran", "", "grant\0"])(
      "compareAndDelete of %j does not delete grant",
      async (other) => {
        const key = fresh();
        await first.put(key, "grant", LONG);
        expect(await second.compareAndDelete(key, other)).toBe(false);
        expect(await second.get(key)).toBe("grant");
      },
    );

    test("400 additions at once from two replicas are all counted", async () => {
      const key = fresh();
      const all = Array.from({ length: 400 }, (_, index) => (index % 2 ? first : second).increment(key, 3, LONG));
      const seen = (await Promise.all(all)).map(({ value }) => value).sort((a, b) => a - b);
      expect(seen).toEqual(Array.from({ length: 400 }, (_, index) => (index + 1) * 3));
    });

    test("a count goes down as well, and by 0 is read", async () => {
      const key = fresh();
      await first.increment(key, 5, LONG);
      await first.increment(key, -7, LONG);
      expect((await second.increment(key, 0, LONG)).value).toBe(-2);
    });

    test("a count is no entry, and delete removes both", async () => {
      const key = fresh();
      await first.increment(key, 1, LONG);
      expect(await first.get(key)).toBeUndefined();
      expect((await first.list(key)).entries).toEqual([]);
      expect(await first.putIfAbsent(key, "entry", LONG)).toBe(true);
      expect((await first.increment(key, 1, LONG)).value).toBe(2);
      await second.delete(key);
      expect(await first.get(key)).toBeUndefined();
      expect((await first.increment(key, 1, LONG)).value).toBe(1);
    });

    listContract(() => ({ first, second }), fresh);
    boundsContract(() => ({ first, second }), fresh);

    test("a closed store refuses, and closing twice is fine", async () => {
      const { first: closing, second: other } = await open();
      await closing.close();
      await closing.close();
      await expect(closing.get("key")).rejects.toMatchObject({ name: "StateError", code: "unavailable" });
      await expect(closing.put("key", "value", LONG)).rejects.toMatchObject({ code: "unavailable" });
      await other.close();
    });
  });
}
