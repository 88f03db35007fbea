import type { Step } from "../wire/batch.ts";
import type { Bounds } from "./connection.ts";

/**
 * What frames every caller's statement, prepared once a connection: only its parameters travel.
 *
 * `pin` sets everything anew for one transaction, so that nothing an earlier statement may have changed holds for the next, and stops
 * the batch (division by zero) when the role has become powerful since it was checked: a statement that follows is then skipped.
 */
export const PREPARED = {
  beginRead: "hm_begin_read",
  beginWrite: "hm_begin_write",
  pin: "hm_pin",
  commit: "hm_commit",
  rollback: "hm_rollback",
  reset: "hm_reset",
} as const;

/** SQLSTATEs of `pin`: its guard, a role that may not be taken on, or that is gone. */
export const UNSAFE_STATES: readonly string[] = ["22012", "42501", "22023"];

const POWERLESS = `1 / coalesce((select case when rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication
  then 0 else 1 end from pg_catalog.pg_roles where rolname = session_user), 0)`;

/** Its values come from `opening` in read/run.ts. */
const PIN = `select ${POWERLESS},
  pg_catalog.set_config('search_path', $1, true),
  pg_catalog.set_config('statement_timeout', $2, true),
  pg_catalog.set_config('lock_timeout', $3, true),
  pg_catalog.set_config('idle_in_transaction_session_timeout', $4, true),
  pg_catalog.set_config('work_mem', $5, true),
  pg_catalog.set_config('hardened_mcp.subject', $6, true),
  pg_catalog.set_config('hardened_mcp.tenant', $7, true),
  pg_catalog.set_config('hardened_mcp.issuer', $8, true),
  pg_catalog.set_config('role', $9, true),
  $10::text`;

const TRANSACTION_TIMEOUT_SINCE = 170_000;

type Run = (steps: readonly Step[], bounds: Bounds) => Promise<void>;

/** Prepares them. @returns the version of the server */
export async function prepare(run: Run, timeoutMs: number): Promise<number> {
  const version = Number((await rowsOf(run, "select current_setting('server_version_num')", [], timeoutMs))[0]?.[0]);
  const pin =
    version >= TRANSACTION_TIMEOUT_SINCE
      ? `${PIN},
  pg_catalog.set_config('transaction_timeout', $10, true)`
      : PIN;
  const texts = {
    [PREPARED.beginRead]: "begin read only",
    [PREPARED.beginWrite]: "begin read write",
    [PREPARED.pin]: pin,
    [PREPARED.commit]: "commit",
    [PREPARED.rollback]: "rollback",
    [PREPARED.reset]: "reset all",
  };
  const steps = Object.entries(texts).map(([prepared, text]) => ({
    statement: { prepared, text },
    isOnlyPrepared: true as const,
  }));
  await run(steps, { timeoutMs });
  return version;
}

/** Rows of a statement of ours, outside a transaction. */
export async function rowsOf(
  run: Run,
  text: string,
  values: readonly (string | null)[],
  timeoutMs: number,
): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  const sink = { columns() {}, row: (cells: readonly (string | null)[]) => void rows.push([...cells]), end() {} };
  await run([{ statement: { text }, values, sink }], { timeoutMs });
  return rows;
}
