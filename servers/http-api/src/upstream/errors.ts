import { LimitError } from "@hardened-mcp/limits";
import { SafeFetchError, type SafeFetchErrorCode } from "@hardened-mcp/safe-fetch";
import { CallError } from "@hardened-mcp/server";
import { UpstreamError, type UpstreamErrorCode } from "../model/exchange.ts";

/** What callers are not told apart is `unreachable`: which names and addresses exist inside is nobody's business. */
const CODES: Readonly<Record<SafeFetchErrorCode, UpstreamErrorCode>> = {
  invalid_request: "unreachable",
  host_not_allowed: "unreachable",
  address_not_allowed: "unreachable",
  unreachable: "unreachable",
  redirect: "redirect",
  timeout: "timeout",
  cancelled: "cancelled",
  too_large: "too_large",
  broken: "broken",
  closed: "cancelled",
};

/**
 * Any failure of an exchange as an {@link UpstreamError}; what is none of them is a mistake of ours and stays as it is.
 *
 * @param signal of the whole exchange: it tells our deadline from a caller that went away
 * @param changes whether the request may change something at the upstream: a GET that got there has changed nothing
 */
export function toUpstreamError(error: unknown, signal: AbortSignal, changes: boolean): unknown {
  if (error instanceof UpstreamError) return error;
  if (error instanceof SafeFetchError && error.cause instanceof CallError) {
    // We broke it off, while the body was sent: it says nothing of the API, and is no better the next time.
    return new UpstreamError("cancelled", { cause: error.cause, mayHaveActed: changes && error.mayHaveActed });
  }
  const mayHaveActed = changes && error instanceof SafeFetchError && error.mayHaveActed;
  if (signal.aborted) return new UpstreamError(stoppedBy(signal), { cause: error, mayHaveActed });
  if (error instanceof SafeFetchError) return new UpstreamError(CODES[error.code], { cause: error, mayHaveActed });
  return error;
}

/** Whether it says that nobody answers there: not what we refused to send, and not what a caller broke off. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  if (error.code === "timeout" || error.code === "broken") return true;
  return error.code === "unreachable" && error.cause instanceof SafeFetchError && error.cause.code === "unreachable";
}

/** Why the exchange was stopped from outside. */
export function stoppedBy(signal: AbortSignal): "timeout" | "cancelled" {
  const { reason } = signal;
  return reason instanceof LimitError && reason.code === "deadline" ? "timeout" : "cancelled";
}

/** The same failure, once it is known that an earlier attempt may have acted. */
export function afterActing(error: unknown): unknown {
  if (!(error instanceof UpstreamError) || error.mayHaveActed) return error;
  const { code, cause, retryAfterMs } = error;
  return new UpstreamError(code, {
    cause,
    mayHaveActed: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
