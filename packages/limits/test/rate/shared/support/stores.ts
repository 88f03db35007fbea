import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startPostgres } from "../../../../../state/test/support/postgres.ts";
import { startRedis } from "../../../../../state/test/support/redis.ts";

export { until } from "../../../../../state/test/support/test-server.ts";

interface SharedStore {
  readonly url: string;
  stop(): Promise<void>;
}

async function sqliteFile(): Promise<SharedStore> {
  const folder = await mkdtemp(join(tmpdir(), "hardened-mcp-limits-"));
  return {
    url: `sqlite://${join(folder, "state.db")}`,
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

export const REDIS = startRedis;

/** Servers that can be killed and come back. */
export const SERVERS = [
  ["Redis", startRedis],
  ["PostgreSQL", startPostgres],
] as const;

/** Real stores that several processes can share. */
export const SHARED_STORES: readonly (readonly [name: string, start: () => Promise<SharedStore>])[] = [
  ...SERVERS,
  ["SQLite", sqliteFile],
];
