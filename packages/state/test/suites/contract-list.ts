import { expect, test } from "vitest";
import type { Entry, StateStore } from "../../src/index.ts";
import type { Pair } from "./contract.ts";

const LONG = { ttlMs: 60_000 };

/** Characters that mean something in LIKE, GLOB, Redis patterns, JavaScript or UTF-16, and nothing in a key. */
const STRANGE = ["%", "_", "*", "?", "[a-z]", "\\", "'", '"', "{x}", "$1", "__proto__", "constructor", "é", "e\u0301"];
const ASTRAL = ["\uffff", "\u{10000}", "\u{1f511}", "\u{10ffff}"];

async function all(store: StateStore, prefix: string, limit: number): Promise<Entry[]> {
  const found: Entry[] = [];
  let after: string | undefined;
  do {
    const page = await store.list(prefix, { limit, ...(after !== undefined && { after }) });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    found.push(...page.entries);
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** The part of the contract about listings. */
export function listContract(pair: () => Pair, fresh: () => string): void {
  test.each([1, 7, 25, 1000])("lists in pages of %i, in the order of bytes, each entry once", async (limit) => {
    const { first, second } = pair();
    const prefix = fresh();
    const keys = [...STRANGE, ...ASTRAL, "a", "B", "aa", "Z"].map((name) => prefix + name);
    await Promise.all(keys.map((key) => first.put(key, `value of ${key}`, LONG)));
    const found = await all(second, prefix, limit);
    const sorted = keys.toSorted((a, b) => Buffer.from(a).compare(Buffer.from(b)));
    expect(found.map(({ key }) => key)).toEqual(sorted);
    expect(found.map(({ value }) => value)).toEqual(sorted.map((key) => `value of ${key}`));
    for (const { expiresInMs } of found) {
      expect(expiresInMs).toBeGreaterThan(30_000);
      expect(expiresInMs).toBeLessThanOrEqual(60_000);
    }
  });

  test.each([...STRANGE, ...ASTRAL])("the prefix %j is no pattern", async (strange) => {
    const { first } = pair();
    const start = fresh();
    const prefix = start + strange;
    const wanted = [prefix, `${prefix}1`, prefix + strange];
    // What the prefix would match if LIKE, GLOB or a regular expression read it; or if letters were folded.
    const others = ["a", "abc", "aa", "z", "\\a", "E", "e", "\ufffd", "'", '"'].filter(
      (other) => !other.startsWith(strange),
    );
    for (const key of wanted) await first.put(key, "wanted", LONG);
    for (const other of others) await first.put(start + other, "other", LONG);
    const found = (await first.list(prefix)).entries.map(({ key }) => key);
    expect(found.toSorted()).toEqual(wanted.toSorted());
  });

  test.each([...STRANGE, ...ASTRAL])("the key %j is a key like any other", async (strange) => {
    const { first, second } = pair();
    const key = fresh() + strange;
    await first.put(key, strange, LONG);
    expect(await second.get(key)).toBe(strange);
    expect((await second.increment(key, 1, LONG)).value).toBe(1);
    expect(await second.compareAndDelete(key, strange)).toBe(true);
  });

  test("the bare key __proto__ is a key like any other", async () => {
    const { first, second } = pair();
    await first.delete("__proto__");
    expect(await first.get("__proto__")).toBeUndefined();
    expect(await first.putIfAbsent("__proto__", "polluted", LONG)).toBe(true);
    expect(await second.get("__proto__")).toBe("polluted");
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("after, inside the prefix and outside", async () => {
    const { first } = pair();
    const prefix = fresh();
    for (const name of ["b", "d", "f"]) await first.put(prefix + name, name, LONG);
    const values = async (after: string) => (await first.list(prefix, { after })).entries.map(({ value }) => value);
    expect(await values(`${prefix}b`)).toEqual(["d", "f"]);
    expect(await values(`${prefix}c`)).toEqual(["d", "f"]);
    expect(await values(`${prefix}f`)).toEqual([]);
    expect(await values("\u0001")).toEqual(["b", "d", "f"]);
    expect(await values("\u{10ffff}")).toEqual([]);
  });

  test("the empty prefix lists everything, and a removed entry is in no listing", async () => {
    const { first, second } = pair();
    const key = fresh();
    await first.put(key, "here", LONG);
    expect((await all(second, "", 500)).map((entry) => entry.key)).toContain(key);
    await first.delete(key);
    expect((await all(second, "", 500)).map((entry) => entry.key)).not.toContain(key);
    await first.put(key, "again", LONG);
    expect((await second.list(key)).entries.map(({ value }) => value)).toEqual(["again"]);
    await first.compareAndDelete(key, "again");
    expect((await second.list(key)).entries).toEqual([]);
  });
}
