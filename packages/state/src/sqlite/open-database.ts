import type { Database } from "better-sqlite3";
import { loadPeer } from "../open/load-peer.ts";
import type { StateSettings } from "../open/options.ts";
import { StateError } from "../state-error.ts";
import { prepareFile } from "./file.ts";
import { SCHEMA } from "./sql.ts";

const VERSION = 1;

/** Opens the file in WAL mode, so that readers never wait for a writer, and makes the table where it is missing. */
export async function openDatabase(path: string, settings: StateSettings): Promise<Database> {
  const { default: Sqlite } = await loadPeer("better-sqlite3", () => import("better-sqlite3"));
  prepareFile(path);
  // How long a statement waits for another process's write. Those take microseconds; this thread waits with it.
  const database = new Sqlite(path, { timeout: settings.timeoutMs });
  try {
    await retryWhileBusy(() => prepare(database), settings.connectTimeoutMs);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: Database): void {
  database.pragma("journal_mode = WAL");
  // The newest writes may be lost with the power, never with the process.
  database.pragma("synchronous = NORMAL");
  // The schema is the file's, and somebody may have written to the file: no functions run from it.
  database.pragma("trusted_schema = OFF");
  const version = database.pragma("user_version", { simple: true });
  if (version === VERSION) return;
  if (version !== 0)
    throw new StateError("invalid", "The SQLite store was written by a newer version, or by another program.");
  database.transaction(() => {
    database.exec(SCHEMA);
    database.pragma(`user_version = ${VERSION}`);
  })();
}

/** Several replicas start at once: the change to WAL needs the file alone, and does not wait for that by itself. */
async function retryWhileBusy(work: () => void, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const busy = error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
      if (!busy || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
