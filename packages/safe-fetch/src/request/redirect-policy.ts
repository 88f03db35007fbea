import type { WireAnswer, WireRequest } from "../exchange/exchange.ts";
import type { CompiledOptions } from "../options/compile-options.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";
import type { SafeRequest } from "../types.ts";

const STATUSES: readonly number[] = [301, 302, 303, 307, 308];

/** Whether an answer sends its reader elsewhere (RFC 9110, section 15.4), and is none by itself. */
export function isRedirect({ status, headers }: Pick<WireAnswer, "status" | "headers">): boolean {
  return STATUSES.includes(status) && headers["location"] !== undefined;
}

/** Where to, as written. @throws {SafeFetchError} `broken`: two places, of which others may have judged the other one */
export function locationOf({ headers: { location } }: Pick<WireAnswer, "headers">): string {
  if (typeof location === "string") return location;
  throw new SafeFetchError("broken", { mayHaveActed: true });
}

interface RedirectPolicy extends Pick<CompiledOptions, "redirects" | "maxRedirects"> {
  readonly redirectTo: SafeRequest["redirectTo"];
}

/**
 * The URL of the next hop, which is still to be held against the rules.
 *
 * @throws {SafeFetchError} `redirect`: not followed, refused by whoever asks, one too many, or it leads nowhere
 */
export function nextHop(
  location: string,
  from: URL,
  first: string,
  hops: number,
  request: WireRequest,
  { redirects, maxRedirects, redirectTo = (to) => to }: RedirectPolicy,
): URL {
  const isRepeatable = (request.method === "GET" || request.method === "HEAD") && request.body === null;
  const refuse = () => new SafeFetchError("redirect", { mayHaveActed: true });
  if (!isRepeatable || redirects === "refuse" || hops >= maxRedirects) throw refuse();
  const written = URL.parse(location, from.href);
  const isWithin = (url: URL) => redirects !== "same-origin" || url.origin === first;
  if (written === null || !isWithin(written)) throw refuse();
  const to = redirectTo(written);
  if (to === undefined || !isWithin(to)) throw refuse();
  return to;
}
