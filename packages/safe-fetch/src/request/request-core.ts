import type { Dispatcher } from "undici";
import { codingOf, decompressed } from "../exchange/decompress.ts";
import {
  type ExchangeBounds,
  exchange,
  type RawHeaders,
  type WireAnswer,
  type WireRequest,
} from "../exchange/exchange.ts";
import type { CompiledOptions } from "../options/compile-options.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";
import type { SafeFetchLimits, SafeRequest } from "../types.ts";
import { type HeaderList, withoutCredentials } from "./header-list.ts";
import { isRedirect, locationOf, nextHop } from "./redirect-policy.ts";
import type { Target } from "./target.ts";

/** A request as every way in hands it on: `request`, `fetch` and the dispatcher. */
export interface CoreRequest {
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: WireRequest["body"];
  readonly signal: AbortSignal | undefined;
  readonly redirectTo?: SafeRequest["redirectTo"];
  readonly limits: SafeFetchLimits;
}

export interface CoreAnswer {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly url: URL;
  readonly isRedirected: boolean;
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

/** The one way to an answer. @throws {SafeFetchError} */
export type RequestCore = (url: URL | string, request: CoreRequest) => Promise<CoreAnswer>;

export function createRequestCore(
  agent: Dispatcher,
  targets: (url: URL | string) => Target,
  policy: Pick<CompiledOptions, "redirects" | "maxRedirects">,
): RequestCore {
  return async (url, { method, headers: given, body, signal, limits, redirectTo }) => {
    const bounds: ExchangeBounds = { limits, endsAt: performance.now() + limits.totalTimeoutMs, signal };
    let target = targets(url);
    const first = target.origin;
    let headers = given;
    for (let hops = 0; ; hops++) {
      const { origin, url: at } = target;
      const request: WireRequest = { origin, path: at.pathname + at.search, method, headers, body };
      const answer = await exchange(agent, request, bounds);
      if (!isRedirect(answer)) return finish(answer, method, at, hops > 0, limits.maxBytes);
      answer.body.discard();
      const location = locationOf(answer);
      target = allowed(targets, nextHop(location, at, first, hops, request, { ...policy, redirectTo }));
      // For good: an origin that was left may be one that was led back to.
      if (target.origin !== origin) headers = withoutCredentials(headers);
    }
  };
}

function allowed(targets: (url: URL | string) => Target, url: URL): Target {
  try {
    return targets(url);
  } catch (error) {
    const code = error instanceof SafeFetchError && error.code !== "invalid_request" ? error.code : "redirect";
    throw new SafeFetchError(code, { mayHaveActed: true });
  }
}

/** RFC 9110, sections 9.3.2 and 15: answers that have no body, whatever their headers say of one. */
const BODILESS: readonly number[] = [204, 205, 304];

function finish(answer: WireAnswer, method: string, url: URL, isRedirected: boolean, maxBytes: number): CoreAnswer {
  const { status, headers, body } = answer;
  const discard = () => body.discard();
  const encoding = headers["content-encoding"];
  const isBodiless = method === "HEAD" || BODILESS.includes(status);
  const plain = { status, headers, url, isRedirected, body, discard };
  if (encoding === undefined || isBodiless) return plain;
  try {
    const coding = codingOf(typeof encoding === "string" ? encoding : encoding.join(","));
    if (coding === undefined) return plain;
    // They speak of what came over the wire, and whoever believed them would decode twice, or cut.
    const { "content-encoding": _, "content-length": __, ...rest } = headers;
    return { ...plain, headers: rest, body: decompressed(body, coding, maxBytes) };
  } catch (error) {
    discard();
    throw error;
  }
}
