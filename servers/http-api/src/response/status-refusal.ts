import { CallError, type ErrorCode } from "@hardened-mcp/server";
import { retryAfterMs } from "../http/retry-after.ts";
import { type UpstreamAnswer, UpstreamError } from "../model/exchange.ts";
import type { ApiOperation } from "../model/operation.ts";
import { statusName } from "../on-demand.ts";

interface StatusRow {
  readonly code: ErrorCode;
  /** After "The API answered 404 Not Found." */
  readonly more?: string;
}

const OPERATOR = "It refused this server's credential, not the caller's: its operator has to look.";
const ARGUMENTS = "It does not take these arguments.";
const DOCUMENT = "Its document and the API do not agree: the operator has to look.";

/** Statuses (RFC 9110, 15; RFC 6585) that mean something of their own. `unavailable` and `timeout` are for what may be otherwise the next time. */
const ROWS: Readonly<Record<number, StatusRow>> = {
  304: { code: "denied", more: "That is no answer to what changes something." },
  400: { code: "invalid_input", more: ARGUMENTS },
  401: { code: "denied", more: OPERATOR },
  402: { code: "denied" },
  403: { code: "denied", more: OPERATOR },
  404: { code: "not_found" },
  405: { code: "denied", more: DOCUMENT },
  406: { code: "denied", more: DOCUMENT },
  407: { code: "denied" },
  408: { code: "timeout" },
  409: { code: "conflict" },
  410: { code: "not_found" },
  412: { code: "conflict" },
  413: { code: "too_large" },
  414: { code: "too_large" },
  415: { code: "denied", more: DOCUMENT },
  421: { code: "unavailable" },
  422: { code: "invalid_input", more: ARGUMENTS },
  423: { code: "conflict" },
  424: { code: "conflict" },
  425: { code: "unavailable" },
  428: { code: "conflict" },
  429: { code: "rate_limited", more: "Wait, then try again." },
  431: { code: "too_large" },
  451: { code: "denied" },
  501: { code: "denied", more: DOCUMENT },
  504: { code: "timeout" },
  505: { code: "denied" },
};

/** A server that fails half-way may have done its work; a proxy that gives up has not told it to stop. */
const MAY_HAVE_ACTED = "It may have been carried out: look before sending it again.";

/**
 * Why an answer of this status is no success; `undefined` for 2xx, and for a 304 to what reads: it answers the conditions that arguments state
 * (RFC 9110, 15.4.5). Nothing of its body or reason phrase is in it.
 */
export function statusRefusal(
  { status, headers }: UpstreamAnswer,
  { effect }: Pick<ApiOperation, "effect">,
): CallError | undefined {
  if ((status >= 200 && status <= 299) || (status === 304 && effect === "read")) return undefined;
  const row = rowOf(status);
  const wait = retryAfterMs(headers["retry-after"]);
  const acts = effect !== "read" && (status >= 500 || status === 408);
  const message = [`The API answered ${named(status)}.`, row.more, acts ? MAY_HAVE_ACTED : undefined]
    .filter(Boolean)
    .join(" ");
  return new CallError(row.code, message, {
    rule: `status/${status}`,
    // Without a cause it would count as ours, and a client would be told to send it again.
    ...(acts ? { cause: new UpstreamError("broken", { mayHaveActed: true }) } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function rowOf(status: number): StatusRow {
  const own = Object.hasOwn(ROWS, status) ? ROWS[status] : undefined;
  if (own !== undefined) return own;
  if (status >= 300 && status <= 399) return { code: "denied", more: "Redirects are not followed." };
  if (status >= 400 && status <= 499) return { code: "invalid_input", more: ARGUMENTS };
  if (status >= 500 && status <= 599) return { code: "unavailable" };
  return { code: "unavailable", more: "That is no status of a finished answer." };
}

function named(status: number): string {
  const name = statusName(status);
  return name === undefined ? String(status) : `${status} ${name}`;
}
