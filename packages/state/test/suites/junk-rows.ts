import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openState, type StateStore } from "../../src/index.ts";
import { MAC_KEY } from "../support/settings.ts";

/** What somebody can do who may write to the table. */
export interface RowWriter {
  /** Sets a column of the row of a key to what stands for it in SQL. */
  set(column: "count" | "value" | "expires_at", literal: string, key: string): Promise<void>;
  /** The latest time that the column takes. */
  readonly noEnd: string;
}

const TAMPERED = { name: "StateError", code: "tampered" };
const LONG = { ttlMs: 60_000 };

/** Stores whose columns have types: fewer kinds of junk fit into them, and those take nothing else away. */
export function junkRows(name: string, url: () => string, writer: RowWriter): void {
  describe(`${name}: one key that somebody else wrote is tampered, and nothing else is the worse for it:`, () => {
    const changes: boolean[] = [];
    let store: StateStore;
    beforeAll(async () => {
      const onChange = (available: boolean) => void changes.push(available);
      store = await openState(url(), { namespace: "junk", macKeys: [MAC_KEY], timeoutMs: 5_000, onChange });
    });
    afterAll(() => store.close());

    test.each<["count" | "expires_at", string]>([
      ["count", "NULL"],
      ["count", "9223372036854775807"],
      ["count", "-9223372036854775807"],
      ["count", "9007199254740991"],
      ["count", "9007199254740992"],
      ["expires_at", writer.noEnd],
    ])("a count whose %s is %s", async (column, literal) => {
      const [key, other] = [`calls/${randomUUID()}`, `calls/${randomUUID()}`];
      await store.increment(key, 1, LONG);
      await writer.set(column, literal, key);
      for (let round = 0; round < 3; round++) {
        await expect(store.increment(key, 1, LONG)).rejects.toMatchObject(TAMPERED);
        expect((await store.increment(other, 1, LONG)).value).toBe(round + 1);
      }
      await store.delete(key);
      expect((await store.increment(key, 1, LONG)).value).toBe(1);
      expect(changes).toEqual([]);
    });

    test("an entry without a value", async () => {
      const [key, other] = [`grant/${randomUUID()}`, `grant/${randomUUID()}`];
      await store.put(key, "1", LONG);
      await store.put(other, "1", LONG);
      await writer.set("value", "NULL", key);
      await expect(store.get(key)).rejects.toMatchObject(TAMPERED);
      await expect(store.list(key)).rejects.toMatchObject(TAMPERED);
      await expect(store.compareAndDelete(key, "1")).rejects.toMatchObject(TAMPERED);
      expect(await store.get(other)).toBe("1");
      expect(changes).toEqual([]);
    });
  });
}
