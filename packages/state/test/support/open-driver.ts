import type { Driver } from "../../src/driver.ts";
import type { OpenStateOptions } from "../../src/open/options.ts";
import { parseStateUrl } from "../../src/open/parse-url.ts";
import { postgresDriver } from "../../src/postgres/driver.ts";
import { redisDriver } from "../../src/redis/driver.ts";
import { sqliteDriver } from "../../src/sqlite/driver.ts";
import { settings } from "./settings.ts";

/** A store without seal, breaker and bounds: what somebody has who may write to it. */
export async function openDriver(url: string, options: Partial<OpenStateOptions> = {}): Promise<Driver> {
  const where = parseStateUrl(url);
  if (where.kind === "sqlite") return sqliteDriver(where.path, settings(options));
  if (where.kind === "postgres") return postgresDriver(where, settings(options));
  if (where.kind === "redis") return redisDriver(where, settings(options));
  throw new Error("A memory store has no outside.");
}
