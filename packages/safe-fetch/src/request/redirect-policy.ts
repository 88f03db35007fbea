import type { RawHeaders, WireRequest } from "../exchange/exchange.ts";
import type { CompiledOptions } from "../options/compile-options.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";

const STATUSES: readonly number[] = [301, 302, 303, 307, 308];

/** Where an answer sends its reader (RFC 9110, section 15.4), as written there; `undefined` if it is an answer by itself. */
export function redirectOf(status: number, headers: RawHeaders): string | undefined {
  if (!STATUSES.includes(status)) return undefined;
  const { location } = headers;
  return typeof location === "string" ? location : location?.[0];
}

/**
 * The URL of the next hop, which is still to be held against the rules.
 *
 * @throws {SafeFetchError} `redirect`: not followed, one too many, or it leads nowhere
 */
export function nextHop(
  location: string,
  from: URL,
  first: string,
  hops: number,
  request: WireRequest,
  { redirects, maxRedirects }: Pick<CompiledOptions, "redirects" | "maxRedirects">,
): URL {
  const isRepeatable = (request.method === "GET" || request.method === "HEAD") && request.body === null;
  const to = URL.parse(location, from.href);
  if (
    to === null ||
    !isRepeatable ||
    redirects === "refuse" ||
    hops >= maxRedirects ||
    (redirects === "same-origin" && to.origin !== first)
  ) {
    throw new SafeFetchError("redirect", { mayHaveActed: true });
  }
  return to;
}
