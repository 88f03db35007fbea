import type { Pool, PoolConfig } from "pg";
import { loadPeer } from "../open/load-peer.ts";
import type { StateSettings } from "../open/options.ts";
import type { Address } from "../open/parse-url.ts";
import { refusePlaintext } from "../open/plaintext.ts";
import { tlsOptions } from "../open/tls-options.ts";
import { SCHEMA } from "./sql.ts";

export const CONNECTIONS = 8;

/** Connects, and makes the table where it is missing. */
export async function openPool(address: Address, settings: StateSettings): Promise<Pool> {
  const allowed = settings.dangerouslyAllowPlaintext ?? false;
  refusePlaintext(address, "Add ?sslmode=verify-full to the URL.", allowed);
  const { default: pg } = await loadPeer("pg", () => import("pg"));
  const pool = new pg.Pool(poolConfig(address, settings));
  // A connection that breaks while nobody uses it, or between two steps of somebody who does (the pool then does not listen);
  // an error event without a listener ends the process. The next operation notices.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  try {
    await makeTable(pool);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function poolConfig(address: Address, settings: StateSettings): PoolConfig {
  const { host, port, user, password, database, tls } = address;
  return {
    host,
    port,
    database,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    // Said outright: pg would otherwise ask the environment (PGSSLMODE) whether to encrypt and whom to trust.
    ssl: tls ? tlsOptions(host, settings) : false,
    application_name: `hardened-mcp ${settings.namespace}`.slice(0, 63),
    max: CONNECTIONS,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    // Ours drops a connection that hangs; the database's ends what nobody waits for any more.
    query_timeout: settings.timeoutMs,
    statement_timeout: settings.timeoutMs,
    keepAlive: true,
    allowExitOnIdle: true,
  };
}

async function makeTable(pool: Pool): Promise<void> {
  // Asked first: a role that may only use the table, and not make one, is the better choice.
  const { rows } = await pool.query("SELECT to_regclass('hardened_mcp_state') IS NOT NULL AS there");
  if (rows[0]?.there === true) return;
  // Two replicas that start at once: IF NOT EXISTS alone can fail for the second one, which this lock makes wait. Both
  // statements travel in one message and so are one transaction.
  await pool.query(`SELECT pg_advisory_xact_lock(hashtext('hardened_mcp_state')); ${SCHEMA}`);
}
