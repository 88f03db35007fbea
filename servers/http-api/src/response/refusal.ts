import { CallError, type ErrorCode } from "@hardened-mcp/server";
import { UpstreamError, type UpstreamErrorCode } from "../model/exchange.ts";
import type { ApiOperation } from "../model/operation.ts";

/** What a caller learns of each way to have no answer. The audit record has the code itself as its rule. */
const REFUSALS: Readonly<Record<UpstreamErrorCode, readonly [code: ErrorCode, message: string]>> = {
  unreachable: ["unavailable", "The API cannot be reached."],
  redirect: ["denied", "The API answered with a redirect, which this server does not follow."],
  timeout: ["timeout", "The API did not answer in time."],
  cancelled: ["cancelled", "The call was cancelled."],
  too_large: ["too_large", "The API's answer is larger than this server reads. Ask for less of it."],
  broken: ["unavailable", "The API's answer ended early, or could not be read."],
  credential: ["unavailable", "This server has no credential for the API at the moment. Its operator has to look."],
  no_subject_token: [
    "denied",
    "The API is asked in the caller's name, and the caller has no token to be exchanged for that.",
  ],
  open: ["unavailable", "The API has failed several times in a row, and is left alone for a while."],
  busy: ["rate_limited", "Too many calls to the API. Wait, then try again."],
};

const MAY_HAVE_ACTED = " It may have been carried out: look before sending it again.";
const NOTHING_DONE = " Nothing was done.";

/**
 * Anything that `Upstream.send`, or reading a body, threw, in words for the caller.
 *
 * @param operation one that changes something says whether it may have been carried out
 */
export function refusalOf(error: unknown, operation: Pick<ApiOperation, "effect">): CallError {
  if (error instanceof CallError) return error;
  if (!(error instanceof UpstreamError))
    return new CallError("internal", undefined, { cause: error, rule: "upstream/internal" });
  // A file of ours that changed while it was sent: that is why the upstream got only a part.
  if (error.cause instanceof CallError) return error.cause;
  const [code, message] = REFUSALS[error.code];
  const acted = operation.effect === "read" ? "" : error.mayHaveActed ? MAY_HAVE_ACTED : NOTHING_DONE;
  return new CallError(code, `${message}${acted}`, {
    cause: error,
    rule: `upstream/${error.code}`,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

/**
 * An answer of success that cannot be shown. `denied`, which no client sends again by itself: the API would answer the same, and where the
 * call has changed something, change it again.
 *
 * @param why a whole sentence of ours
 */
export function unreadable(
  why: string,
  rule: string,
  operation: Pick<ApiOperation, "effect">,
  code: ErrorCode = "denied",
): CallError {
  const acted = operation.effect === "read" ? "" : " The call itself was carried out: do not send it again.";
  return new CallError(code, `${why}${acted}`, { rule: `answer/${rule}` });
}
