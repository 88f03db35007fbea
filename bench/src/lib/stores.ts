import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore, openState, type StateStore } from "@hardened-mcp/state";
import Sqlite from "better-sqlite3";
import { Redis } from "ioredis";
import pg from "pg";
import { freePort, startPostgres } from "./postgres.ts";

/** A store in service, on this machine. */
export interface BenchStore {
  readonly name: string;
  readonly url: string;
  readonly store: StateStore;
  /** The least that its client can ask it: one trip there and back. `undefined`: there is nowhere to go. */
  readonly floor: (() => unknown) | undefined;
  close(): Promise<void>;
}

/** Every store that runs here, and a line about each that does not. */
export async function startStores(): Promise<{ readonly stores: readonly BenchStore[]; readonly missing: string[] }> {
  const missing: string[] = [];
  const stores = [memory(), await sqlite()];
  if (hasRedis()) stores.push(await redis());
  else missing.push("Redis was not measured: redis-server is not installed here.");
  stores.push(await postgres());
  return { stores, missing };
}

const open = (url: string): Promise<StateStore> => openState(url, { namespace: "bench", macKeys: [randomBytes(32)] });

function memory(): BenchStore {
  const store = memoryStore();
  return { name: "memory", url: "memory:", store, floor: undefined, close: () => store.close() };
}

async function sqlite(): Promise<BenchStore> {
  const folder = mkdtempSync(join(tmpdir(), "bench-sqlite-"));
  const url = `sqlite://${join(folder, "state.db")}`;
  const store = await open(url);
  const bare = new Sqlite(join(folder, "bare.db"));
  bare.pragma("journal_mode = WAL");
  bare.pragma("synchronous = NORMAL");
  bare.exec("CREATE TABLE counts (key TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID");
  const add = bare.prepare("INSERT INTO counts VALUES ('a', 1) ON CONFLICT DO UPDATE SET count = count + 1");
  return {
    name: "SQLite",
    url,
    store,
    floor: () => add.run(),
    async close() {
      await store.close();
      bare.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function hasRedis(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function redis(): Promise<BenchStore> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "bench-redis-"));
  const quiet = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const child = spawn("redis-server", ["--port", String(port), ...quiet], { stdio: "ignore" });
  const bare = new Redis({ host: "127.0.0.1", port, retryStrategy: () => 50 });
  // Attempts made before it listens; the client tries again.
  bare.on("error", () => undefined);
  await bare.ping();
  const url = `redis://127.0.0.1:${port}`;
  const store = await open(url);
  return {
    name: "Redis",
    url,
    store,
    floor: () => bare.ping(),
    async close() {
      await store.close();
      bare.disconnect();
      const gone = once(child, "exit");
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function postgres(): Promise<BenchStore> {
  const { url, stop } = await startPostgres();
  const store = await open(url);
  const bare = new pg.Pool({ connectionString: url });
  return {
    name: "PostgreSQL",
    url,
    store,
    floor: () => bare.query("SELECT 1"),
    async close() {
      await store.close();
      await bare.end();
      await stop();
    },
  };
}
