import type { Principal } from "@hardened-mcp/auth/principal";
import type { Logger } from "pino";
import type { Effect } from "../effect.ts";
import type { OperatorDetail } from "../errors/call-error.ts";
import type { ErrorCode } from "../errors/table.ts";

/** One error a tool may raise: which public code it is, and the words a client sees. */
export interface CatalogueEntry {
  readonly code: ErrorCode;
  /** Written by the author; must hold nothing from an exception, a path outside, a query or a token. */
  readonly message: string;
}

/** The errors a tool may raise, by a name of its own. */
export type ErrorCatalogue = Readonly<Record<string, CatalogueEntry>>;

/** What a handler gets besides its arguments. It holds no token and no way to reach the transport. */
export interface Call<Reason extends string = string> {
  /** The reference under which this call stands in the audit log and in the answer. */
  readonly ref: string;
  readonly principal: Principal;
  /** As what the call was decided: the declared effect, or what `effectOf` said. */
  readonly effect: Effect;
  /** Aborts at the deadline, when the client cancels, when it goes away, and when the server stops. */
  readonly signal: AbortSignal;
  /** The operator's log, with the reference on every line. Never seen by the client. */
  readonly log: Logger;
  /**
   * Tells the client how far the call is, if it asked to be told. Values must rise; at most ten messages a second leave
   * (spec: basic/utilities/progress).
   */
  progress(done: number, total?: number, message?: string): void;
  /** Ends the call with an entry of the definition's own catalogue. */
  fail(reason: Reason, operator?: OperatorDetail): never;
}

/** Bounds of one tool; what is left out is the server's default. */
export interface CallLimits {
  /** Milliseconds from admission to answer. Default 30,000. */
  readonly deadlineMs?: number;
  /** Bytes of the answer's text. Default 1 MiB. */
  readonly maxResultBytes?: number;
  /**
   * Calls per minute and principal of this tool, in an account of its own. Default: it shares the account of its effect.
   */
  readonly callsPerMinute?: number;
  /** What one call takes from its accounts. Default 1; a tool ten times as heavy takes 10. */
  readonly cost?: number;
  /** Calls that run at once, all principals together. Default 32. */
  readonly concurrency?: number;
}
