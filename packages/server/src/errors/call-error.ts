import { ERRORS, type ErrorCode } from "./table.ts";

/** What the operator may know and the caller may not. Goes to the log under the call's reference. */
export interface OperatorDetail {
  readonly cause?: unknown;
  readonly detail?: string;
  /** Milliseconds until a retry can succeed, where that is known. Shown to the caller. */
  readonly retryAfterMs?: number;
  /** Scopes that would turn the refusal into a yes; published ones only. On HTTP they become a challenge. */
  readonly missingScopes?: readonly string[];
  /**
   * Which rule, limit or field it was, in fixed words: stands in the audit record. Never text of a client, of an upstream
   * or of an exception; those belong in `detail`, which only the log sees.
   */
  readonly rule?: string;
}

/**
 * The only error whose text a client may see. Its `message` must be written by us, from the error table or from a tool's
 * catalogue; text of exceptions, paths, queries, tokens and upstream bodies belong in `cause` or `detail`.
 */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly missingScopes: readonly string[] | undefined;
  readonly rule: string | undefined;

  constructor(code: ErrorCode, message?: string, operator: OperatorDetail = {}) {
    super(message ?? ERRORS[code].message, operator.cause === undefined ? undefined : { cause: operator.cause });
    this.code = code;
    this.detail = operator.detail;
    this.retryAfterMs = operator.retryAfterMs;
    this.missingScopes = operator.missingScopes;
    this.rule = operator.rule;
  }
}

/** Stops a call, because `code`. Typed `never`, so that the path's main line stays flat. */
export function refuse(code: ErrorCode, message?: string, operator?: OperatorDetail): never {
  throw new CallError(code, message, operator);
}

/**
 * Any thrown value as a {@link CallError}; what is not one already is `internal`, its text kept for the operator. Nor is
 * one whose code the table does not know: types do not hold authors of plain JavaScript.
 */
export function toCallError(thrown: unknown): CallError {
  return isCallError(thrown) ? thrown : new CallError("internal", undefined, { cause: thrown });
}

/** Asking a thrown value what it is runs its code where it is a proxy; that must not get past the door either. */
function isCallError(thrown: unknown): thrown is CallError {
  try {
    return thrown instanceof CallError && Object.hasOwn(ERRORS, thrown.code) && typeof thrown.message === "string";
  } catch {
    return false;
  }
}
