import { SqlError } from "../../errors.ts";
import { type Connection, openConnection } from "./connection.ts";
import { PREPARED } from "./prepared.ts";
import type { Target } from "./target.ts";

export interface PoolOptions {
  readonly target: Target;
  readonly size: number;
  /** Milliseconds to connect, and to wait for a free connection. */
  readonly waitMs: number;
  /** Looks at each new connection before it is used. @throws {SqlError} to refuse it */
  readonly check: (connection: Connection) => Promise<void>;
}

/** Connections, at most so many, each used by one caller at a time. */
export interface Pool {
  /** @throws {SqlError} `unavailable` where none is free in time or none can be made; what `use` throws */
  use<T>(use: (connection: Connection) => Promise<T>, signal?: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

interface Waiter {
  resolve(connection: Connection | "make"): void;
  reject(error: SqlError): void;
}

/** A connection is checked when it is made; what its role was given since is seen by the next, at the latest after this. */
const MAX_AGE_MS = 10 * 60 * 1000;
const ROLLBACK_TIMEOUT_MS = 1000;

/** Makes connections as they are needed. */
export function createPool({ target, size, waitMs, check }: PoolOptions): Pool {
  const idle: Connection[] = [];
  const busy = new Set<Connection>();
  const waiting: Waiter[] = [];
  let [open, isClosed] = [0, false];

  /** A connection, or the right to make one. */
  function take(signal: AbortSignal | undefined): Promise<Connection | "make"> {
    for (let one = idle.pop(); one !== undefined; one = idle.pop()) {
      if (!one.isBroken() && performance.now() - one.openedAt < MAX_AGE_MS) return Promise.resolve(one);
      one.destroy();
      open--;
    }
    if (open < size) {
      open++;
      return Promise.resolve("make");
    }
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        const index = waiting.indexOf(waiter);
        if (index >= 0) waiting.splice(index, 1);
      };
      const waiter: Waiter = {
        resolve(got) {
          end();
          resolve(got);
        },
        reject(error) {
          end();
          reject(error);
        },
      };
      const onAbort = (): void => waiter.reject(new SqlError("cancelled"));
      const timer = setTimeout(
        () => waiter.reject(new SqlError("unavailable", { hint: "too many statements at once" })),
        waitMs,
      );
      signal?.addEventListener("abort", onAbort, { once: true });
      waiting.push(waiter);
    });
  }

  function giveBack(connection: Connection | undefined): void {
    if (connection !== undefined) busy.delete(connection);
    if (connection !== undefined && !connection.isBroken() && !isClosed) {
      const next = waiting[0];
      if (next === undefined) idle.push(connection);
      else next.resolve(connection);
      return;
    }
    connection?.destroy();
    const next = waiting[0];
    if (next === undefined || isClosed) open--;
    else next.resolve("make");
  }

  async function made(): Promise<Connection> {
    const connection = await openConnection(target, waitMs);
    try {
      await check(connection);
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  return {
    async use(use, signal) {
      if (isClosed) throw new SqlError("unavailable");
      if (signal?.aborted === true) throw new SqlError("cancelled");
      const taken = await take(signal);
      let connection: Connection | undefined;
      try {
        connection = taken === "make" ? await made() : taken;
        busy.add(connection);
        const result = await use(connection);
        giveBack(connection);
        return result;
      } catch (error) {
        // The caller does not wait until the connection can be used again.
        void rollBack(connection).then(() => giveBack(connection));
        throw error;
      }
    },
    async close() {
      isClosed = true;
      for (const waiter of [...waiting]) waiter.reject(new SqlError("unavailable"));
      for (const connection of [...idle, ...busy]) connection.destroy();
      idle.length = 0;
    },
  };
}

/** A connection whose transaction cannot be ended is not used again. */
async function rollBack(connection: Connection | undefined): Promise<void> {
  if (connection === undefined || connection.isBroken()) return;
  try {
    await connection.run([{ statement: { prepared: PREPARED.rollback } }], { timeoutMs: ROLLBACK_TIMEOUT_MS });
  } catch {
    connection.destroy();
  }
}
