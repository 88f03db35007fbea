import type { Caller, SourceLimits } from "../../source.ts";
import type { Connection } from "../connect/connection.ts";
import type { Pool } from "../connect/pool.ts";
import { PREPARED } from "../connect/prepared.ts";
import type { Variant } from "../rules/variant.ts";
import type { Step } from "../wire/batch.ts";
import { createPageSink, type PageBounds, type PageSink } from "../wire/page-sink.ts";
import { sqlErrorOf } from "../wire/sqlstate.ts";

/** For whom, under which rules and within which bounds something runs. */
export interface Frame {
  readonly variant: Variant;
  readonly caller: Caller;
  readonly limits: SourceLimits;
  readonly workMemMiB: number;
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface ReadStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
  /** The caller's own words in `text`, and the number of characters before them: the server counts from the start. */
  readonly caller?: { readonly sql: string; readonly offset: number };
}

/** Room for the rows of a page on their way, and for a single value much larger than what is kept of it. */
const MIN_RECEIVED = 32 * 1024 * 1024;
const RECEIVED_PAGES = 8;

const ROLLBACK_TIMEOUT_MS = 1000;

/** The server ends the connection of a transaction that lasts longer than all its statements may. */
const STATEMENTS_IN_TRANSACTION = 5;

/** Opens a transaction and sets in it whatever decides about the statement that follows. */
export function opening(mode: "read" | "write", { variant, caller, timeoutMs, workMemMiB }: Frame): readonly Step[] {
  const timeout = String(timeoutMs);
  const values = [
    variant.searchPath,
    timeout,
    // A lock waits no longer than half the time, so that the answer is `conflict` and not `timeout`.
    String(Math.max(1, Math.floor(timeoutMs / 2))),
    timeout,
    `${workMemMiB}MB`,
    caller.subject,
    caller.tenant ?? "",
    caller.issuer ?? "",
    variant.name ?? "none",
    String(timeoutMs * STATEMENTS_IN_TRANSACTION),
  ];
  return [
    { statement: { prepared: mode === "read" ? PREPARED.beginRead : PREPARED.beginWrite } },
    { statement: { prepared: PREPARED.pin }, values },
  ];
}

/** What the wire may bring for one statement. */
export function boundsOf({ timeoutMs, signal, limits }: Frame): {
  timeoutMs: number;
  signal: AbortSignal | undefined;
  maxReceived: number;
} {
  return { timeoutMs, signal, maxReceived: Math.max(MIN_RECEIVED, limits.maxBytes * RECEIVED_PAGES) };
}

/** One statement in a read-only transaction of its own: one round trip, and nothing of it stays. */
export async function runRead(pool: Pool, frame: Frame, statement: ReadStatement, page: PageBounds): Promise<PageSink> {
  return pool.use((connection) => readOn(connection, frame, statement, page), frame.signal);
}

/** The same on a connection that is held. */
export async function readOn(
  connection: Connection,
  frame: Frame,
  { text, values, caller }: ReadStatement,
  page: PageBounds,
): Promise<PageSink> {
  const sink = createPageSink(page, () => void connection.cancel());
  const rollback: Step = { statement: { prepared: PREPARED.rollback } };
  const asked: Step = { statement: { text }, reuse: frame.variant.searchPath, values, rows: page.maxRows + 1, sink };
  try {
    await connection.run([...opening("read", frame), asked, rollback], boundsOf(frame));
  } catch (error) {
    // The page was complete before the server was told to stop.
    if (!sink.isFull) throw sqlErrorOf(error, caller);
    if (!connection.isBroken())
      await connection.run([rollback], { timeoutMs: ROLLBACK_TIMEOUT_MS }).catch(connection.destroy);
  }
  return sink;
}
