import { SafeFetchError, type SafeFetchErrorCode } from "@hardened-mcp/safe-fetch";
import { CallError, type ErrorCode } from "@hardened-mcp/server";
import { ZodError } from "zod";

type Words = readonly [code: ErrorCode, message: string];

/** What a caller is not told apart is "away": which names and addresses exist inside is nobody's business. */
const AWAY: Words = ["unavailable", "The API cannot be reached."];
const FAILURES: Readonly<Partial<Record<SafeFetchErrorCode, Words>>> = {
  redirect: ["denied", "The API answered with a redirect, and none is followed."],
  timeout: ["timeout", "The API did not answer in time."],
  cancelled: ["cancelled", "The call was cancelled."],
  too_large: ["too_large", "The API's answer is larger than this server reads."],
  broken: ["unavailable", "The API's answer ended early, or could not be read."],
};
const UNREADABLE: Words = ["unavailable", "The API answered something else than it should."];
const TOKEN: Words = ["denied", "The API refused this server's token. Its operator has to look."];
const ARGUMENTS: Words = ["invalid_input", "The API does not take these arguments."];
const STATUSES: Readonly<Record<number, Words>> = {
  400: ARGUMENTS,
  401: TOKEN,
  403: TOKEN,
  404: ["not_found", "The API has nothing by that name."],
  409: ["conflict", "What the API has does not allow this."],
  422: ARGUMENTS,
  429: ["rate_limited", "The API is asked too often. Wait, then try again."],
};
const FAILED: Words = ["unavailable", "The API failed."];

/** What a caller learns of a failure. Its cause is for the operator's log. @param acts whether the call changes something */
export function refusalOf(error: unknown, acts: boolean): unknown {
  if (error instanceof SafeFetchError) {
    return refusal(FAILURES[error.code] ?? AWAY, `api/${error.code}`, acts ? error.mayHaveActed : undefined, error);
  }
  if (!(error instanceof ZodError || error instanceof SyntaxError)) return error;
  return refusal(UNREADABLE, "api/answer", acts || undefined, error);
}

/** An answer that is no JSON of success. Nothing of its body or reason phrase is said on. */
export function answerRefusal(status: number, acts: boolean): CallError {
  const words = STATUSES[status] ?? (status <= 299 ? UNREADABLE : FAILED);
  return refusal(words, `api/${status}`, acts ? status <= 299 || status >= 500 : undefined);
}

/** @param rule stands in the audit log. @param mayHaveActed `undefined`: the call changes nothing */
function refusal([code, message]: Words, rule: string, mayHaveActed?: boolean, cause?: unknown): CallError {
  if (mayHaveActed === undefined) return new CallError(code, message, { rule, cause });
  if (!mayHaveActed) return new CallError(code, `${message} Nothing was done.`, { rule, cause });
  // With a cause the server does not call it worth a retry.
  const unknown = `${message} It may have been carried out: repeat it with the same key only.`;
  return new CallError(code, unknown, { rule, cause: cause ?? new Error("the outcome is unknown") });
}
