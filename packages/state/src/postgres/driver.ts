import type { QueryResult } from "pg";
import { type Driver, pageOf } from "../driver.ts";
import type { StateSettings } from "../open/options.ts";
import type { Address } from "../open/parse-url.ts";
import { prefixRange } from "../prefix-range.ts";
import { readCount, tampered } from "../tampered.ts";
import { CONNECTIONS, openPool } from "./pool.ts";
import { type Operation, SQL } from "./sql.ts";

/** Writes between two rounds of removing what has expired. */
const PURGE_EVERY = 64;

/** State of many replicas in one table of PostgreSQL. */
export async function postgresDriver(address: Address, settings: StateSettings): Promise<Driver> {
  const pool = await openPool(address, settings);
  const { namespace, timeoutMs } = settings;

  async function run(operation: Operation, values: unknown[]): Promise<QueryResult> {
    const asked = performance.now();
    const client = await pool.connect();
    let failure: Error | undefined;
    try {
      // Its caller has been told that it failed: it must not happen minutes later, when a connection is free again.
      if (performance.now() - asked >= timeoutMs) throw new Error("No free connection in time.");
      return await client.query({ name: `hardened_mcp_${operation}`, text: SQL[operation], values });
    } catch (error) {
      failure = error instanceof Error ? error : new Error("A query failed.");
      throw isBadData(error) ? tampered(operation === "increment" ? "count" : "entry") : failure;
    } finally {
      // With an error the connection is dropped: an answer may still be on its way, and belong to nobody.
      client.release(failure);
    }
  }

  let writes = 0;
  async function write(operation: Operation, values: unknown[]): Promise<QueryResult> {
    // Nobody waits for it. A failure shows with the next operation, too.
    if (++writes % PURGE_EVERY === 0) run("purge", []).catch(() => {});
    return run(operation, [namespace, ...values]);
  }

  return {
    async get(key) {
      const { rows } = await run("get", [namespace, Buffer.from(key)]);
      return rows[0] && textOf(rows[0].value);
    },
    async put(key, value, ttlMs) {
      await write("put", [Buffer.from(key), Buffer.from(value), ttlMs]);
    },
    async putIfAbsent(key, value, ttlMs) {
      return (await write("putIfAbsent", [Buffer.from(key), Buffer.from(value), ttlMs])).rowCount === 1;
    },
    async compareAndDelete(key, value) {
      return (await write("compareAndDelete", [Buffer.from(key), Buffer.from(value)])).rowCount === 1;
    },
    async increment(key, by, ttlMs) {
      const { rows } = await write("increment", [Buffer.from(key), by, ttlMs]);
      return readCount(rows[0]?.count, rows[0]?.left);
    },
    async list(prefix, after, limit) {
      const { from, to } = prefixRange(prefix, after);
      const { rows } = await run("list", [namespace, from, to, limit + 1]);
      const entries = rows.map((row) => ({
        key: textOf(row.key),
        value: textOf(row.value),
        expiresInMs: Number(row.left),
      }));
      return pageOf(entries, limit);
    },
    async delete(key) {
      await write("delete", [Buffer.from(key)]);
    },
    async probe() {
      await run("purge", []);
    },
    maxConcurrent: CONNECTIONS,
    close: () => pool.end(),
  };
}

/** The column allows NULL, for the rows of counts. */
function textOf(bytes: unknown): string {
  if (!Buffer.isBuffer(bytes)) throw tampered("entry");
  return bytes.toString();
}

/**
 * Class 22, data exception: a count too large to be added to, a time without end. Keys, values, numbers and times of ours
 * were checked before, so it is what was found in the row.
 */
function isBadData(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && /^22\d/.test(error.code);
}
