import type { ErrorCode } from "../errors/table.ts";

/** What a client is told when a call was not carried out. */
export interface PublicError {
  readonly code: ErrorCode;
  readonly message: string;
  /** The operator finds the whole story in the log and the audit record under this reference. */
  readonly ref: string;
  readonly retryable: boolean;
  /** Milliseconds to wait before a retry, where that is known. */
  readonly retryAfterMs?: number;
}

/** How a call ended, ready to be put on the wire. */
export type Answer =
  | {
      readonly ok: true;
      readonly result: Record<string, unknown>;
      readonly bytes: number;
      readonly truncated: boolean;
      /** `result.structuredContent` as JSON, where there is one: it is written out once, and may be sent as it is. */
      readonly structured?: string;
    }
  | {
      readonly ok: false;
      readonly error: PublicError;
      /** The method has no such tool, prompt or resource: a protocol error, also for tools (spec: server/tools). */
      readonly unknown: boolean;
      readonly rpc: number;
      /** Scopes that the caller may come back with. */
      readonly missingScopes?: readonly string[];
    };
