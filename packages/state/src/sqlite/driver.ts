import { type Driver, pageOf } from "../driver.ts";
import type { StateSettings } from "../open/options.ts";
import { prefixRange } from "../prefix-range.ts";
import { readCount, tampered } from "../tampered.ts";
import { openDatabase } from "./open-database.ts";
import { SQL } from "./sql.ts";

interface CountRow {
  readonly count: number | null;
  readonly expiresInMs: number;
}

interface EntryRow {
  readonly key: Buffer;
  readonly value: Buffer | null;
  readonly expiresInMs: number;
}

/** Writes between two rounds of removing what has expired. */
const PURGE_EVERY = 64;

/** State of all processes on one machine, in one file. Statements run on this thread: they take microseconds. */
export async function sqliteDriver(path: string, settings: StateSettings): Promise<Driver> {
  const database = await openDatabase(path, settings);
  const { namespace } = settings;
  const get = database.prepare<unknown[], Pick<EntryRow, "value">>(SQL.get);
  const put = database.prepare(SQL.put);
  const putIfAbsent = database.prepare(SQL.putIfAbsent);
  const compareAndDelete = database.prepare(SQL.compareAndDelete);
  const increment = database.prepare<unknown[], CountRow>(SQL.increment);
  const list = database.prepare<unknown[], EntryRow>(SQL.list);
  const remove = database.prepare(SQL.delete);
  const purge = database.prepare(SQL.purge);

  let writes = 0;
  function purgeSometimes(): void {
    if (++writes % PURGE_EVERY === 0) purge.run();
  }

  return {
    async get(key) {
      const row = get.get({ namespace, key: Buffer.from(key) });
      return row && textOf(row.value);
    },
    async put(key, value, ttlMs) {
      put.run({ namespace, key: Buffer.from(key), value: Buffer.from(value), ttlMs });
      purgeSometimes();
    },
    async putIfAbsent(key, value, ttlMs) {
      const { changes } = putIfAbsent.run({ namespace, key: Buffer.from(key), value: Buffer.from(value), ttlMs });
      purgeSometimes();
      return changes === 1;
    },
    async compareAndDelete(key, value) {
      return compareAndDelete.run({ namespace, key: Buffer.from(key), value: Buffer.from(value) }).changes === 1;
    },
    async increment(key, by, ttlMs) {
      const row = increment.get({ namespace, key: Buffer.from(key), by, ttlMs });
      if (!row) throw new Error("An increment without a result.");
      purgeSometimes();
      return readCount(row.count, row.expiresInMs);
    },
    async list(prefix, after, limit) {
      const rows = list.all({ namespace, ...prefixRange(prefix, after), limit: limit + 1 });
      const entries = rows.map(({ key, value, expiresInMs }) => ({
        key: textOf(key),
        value: textOf(value),
        expiresInMs,
      }));
      return pageOf(entries, limit);
    },
    async delete(key) {
      remove.run({ namespace, key: Buffer.from(key) });
    },
    async probe() {
      purge.run();
    },
    async close() {
      database.close();
    },
  };
}

/** The column allows NULL, for the rows of counts. */
function textOf(bytes: Buffer | null): string {
  if (bytes === null) throw tampered("entry");
  return bytes.toString();
}
