import { STATUS_CODES } from "node:http";
import { SafeFetchError, type SafeFetchErrorCode } from "@hardened-mcp/safe-fetch";
import { CallError, type ErrorCode } from "@hardened-mcp/server";

/** What a caller learns of each way to have no page. Which addresses exist inside is nobody's business: those are all `unavailable`. */
const REFUSALS: Readonly<Record<SafeFetchErrorCode, readonly [code: ErrorCode, message: string]>> = {
  invalid_request: [
    "invalid_input",
    "This is no https or http URL that can be asked: absolute, and without a user name.",
  ],
  host_not_allowed: ["denied", "The host of this URL, or of a redirect from it, is not one that may be asked."],
  address_not_allowed: ["unavailable", "The host cannot be reached."],
  unreachable: ["unavailable", "The host cannot be reached."],
  redirect: ["denied", "The page redirects too often, or to where this server does not follow."],
  timeout: ["timeout", "The host did not answer in time."],
  cancelled: ["cancelled", "The call was cancelled."],
  too_large: ["too_large", "The page is larger than this server reads."],
  broken: ["unavailable", "The answer ended early, or could not be read."],
  closed: ["unavailable", "The server is stopping."],
};

/** What reading a page threw, in words for the caller. */
export function pageRefusal(error: unknown): CallError {
  if (error instanceof CallError) return error;
  if (!(error instanceof SafeFetchError))
    return new CallError("internal", undefined, { cause: error, rule: "page/internal" });
  const [code, message] = REFUSALS[error.code];
  return new CallError(code, message, { cause: error, rule: `page/${error.code}` });
}

/** Why an answer of this status is no page; `undefined` for 2xx. */
export function pageStatusRefusal(status: number): CallError | undefined {
  if (status >= 200 && status <= 299) return undefined;
  const name = STATUS_CODES[status];
  return new CallError(codeOf(status), `The host answered ${status}${name === undefined ? "" : ` ${name}`}.`, {
    rule: `page/status_${status}`,
  });
}

/** `unavailable` and `timeout` are for what may be otherwise the next time. */
function codeOf(status: number): ErrorCode {
  return CODES[status] ?? (status >= 300 && status <= 499 ? "denied" : "unavailable");
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  404: "not_found",
  408: "timeout",
  410: "not_found",
  429: "rate_limited",
  501: "denied",
  504: "timeout",
};
