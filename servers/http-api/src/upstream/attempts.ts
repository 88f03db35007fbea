import { setTimeout as sleep } from "node:timers/promises";
import type { SafeFetch, SafeRequest, SafeResponse } from "@hardened-mcp/safe-fetch";
import { ExponentialBackoff, halfJitterGenerator, type IBackoff } from "cockatiel";
import type { UpstreamConfig } from "../config/upstream-schema.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import { type ApiRequest, type SendContext, UpstreamError } from "../model/exchange.ts";
import type { Admission } from "./admission.ts";
import { discardQuietly, type Exchange } from "./answer.ts";
import type { BaseUrl } from "./base-url.ts";
import type { Breaker } from "./breaker.ts";
import type { Applied, Credential } from "./credentials/credential.ts";
import { afterActing, isAway, toUpstreamError } from "./errors.ts";
import { toSafeRequest, withQuery } from "./wire.ts";

/** What attempts are made with. */
export interface AttemptParts {
  readonly config: UpstreamConfig;
  readonly base: BaseUrl;
  readonly connection: SafeFetch;
  readonly credential: Credential;
  readonly breaker: Breaker;
  readonly admission: Admission;
}

/** One request, sent as often as it may be and has to be. */
export interface Attempted {
  readonly request: ApiRequest;
  /** In place of the request's: with those of the API and of the cache. */
  readonly headers: Readonly<Record<string, string>>;
  readonly context: SendContext;
  readonly exchange: Exchange & { leftMs(): number };
}

/** The answer that is given back. */
export interface Answered {
  readonly response: SafeResponse;
  /** Whether another URL answered than was asked. */
  readonly isRedirected: boolean;
}

type Tried = (Answered & { readonly used: Applied }) | { readonly error: unknown };

/** RFC 9110, section 15.6.3 to 15.6.5, and RFC 6585, section 4: somebody else's turn, or a later time, may do. */
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Sends until there is an answer that is worth having, and gives back the last one otherwise: an answer of the API says
 * more than that we gave up. Not cockatiel's retry: its wait cannot be broken off, and knows nothing of a deadline.
 *
 * @throws {UpstreamError}
 */
export async function attempt(parts: AttemptParts, attempted: Attempted): Promise<Answered> {
  const { config, admission, credential } = parts;
  const { context, exchange } = attempted;
  const waitMs = admission.spend();
  if (waitMs > 0) throw new UpstreamError("busy", { retryAfterMs: waitMs });

  let backoff: IBackoff<unknown> | undefined;
  let mayRenew = context.isIdempotent;
  let hasActed = false;
  for (let retries = config.retries; ; ) {
    const tried = await tryOnce(parts, attempted);
    hasActed ||= "error" in tried && tried.error instanceof UpstreamError && tried.error.mayHaveActed;

    if ("response" in tried && tried.response.status === 401) {
      const canRenew = credential.refused(context.principal, tried.used);
      if (!mayRenew || !canRenew || admission.spend() > 0) return tried;
      mayRenew = false;
      await discardQuietly(tried.response);
      continue;
    }
    if ("response" in tried && !RETRIED.has(tried.response.status)) return tried;
    backoff = backoff?.next(undefined) ?? backoffOf(config).next();
    const delayMs = delayOf(tried, context, config, backoff.duration);
    const isWorthIt = delayMs !== undefined && retries > 0 && delayMs < exchange.leftMs() && parts.breaker.isClosed;
    if (!isWorthIt || admission.spend() > 0) return settle(tried, hasActed);
    if ("response" in tried) await discardQuietly(tried.response);
    await waitFor(delayMs, exchange, hasActed);
    retries--;
  }
}

async function tryOnce(parts: AttemptParts, { request, headers, context, exchange }: Attempted): Promise<Tried> {
  const { config, base, breaker, connection, credential } = parts;
  try {
    // Before the credential: an API that is left alone costs no token either.
    breaker.refuseIfOpen();
    const applying = credential.apply(context.principal, exchange.signal);
    const used = applying instanceof Promise ? await applying : applying;
    const { query } = used;
    const asked = query === undefined ? (to: URL) => to : (to: URL) => withQuery(to, query);
    const url = asked(request.url);
    const safe = {
      ...toSafeRequest(request, { ...headers, ...used.headers }, exchange.signal, limitsOf(config, context)),
      // A redirect may name anything of the origin; what is not below the base path was never allowed.
      redirectTo: (to: URL) => (base.contains(to) ? asked(to) : undefined),
    };
    const response = await breaker.run(async () => {
      try {
        return await connection.request(url, safe);
      } catch (error) {
        throw toUpstreamError(error, exchange.signal, exchange.changes);
      }
    });
    return { response, isRedirected: response.url.href !== url.href, used };
  } catch (error) {
    return { error: toUpstreamError(error, exchange.signal, exchange.changes) };
  }
}

/** The connection's own limit is the API's deadline: an operation that may take longer says so. */
function limitsOf(config: UpstreamConfig, { deadlineMs }: SendContext): SafeRequest["limits"] {
  return deadlineMs > config.deadlineMs ? { totalTimeoutMs: Math.ceil(deadlineMs) } : undefined;
}

/** @returns milliseconds to wait before the next attempt; `undefined`: there must be none */
function delayOf(
  tried: Tried,
  { isIdempotent, signal }: SendContext,
  { maxRetryAfterMs, retryDelayMs }: UpstreamConfig,
  backoffMs: number,
): number | undefined {
  if (signal.aborted) return undefined;
  if ("error" in tried) {
    const { error } = tried;
    if (!(error instanceof UpstreamError) || !isAway(error)) return undefined;
    // What never got there can be sent by anyone; `broken` has got there.
    const neverSent = !error.mayHaveActed && error.code === "unreachable";
    return isIdempotent || neverSent ? backoffMs : undefined;
  }
  if (!isIdempotent || !RETRIED.has(tried.response.status)) return undefined;
  const askedMs = retryAfterMs(tried.response.headers["retry-after"]);
  if (askedMs === undefined) return backoffMs;
  // With jitter, or all who were told the same come back at the same moment.
  return askedMs > maxRetryAfterMs ? undefined : askedMs + Math.random() * Math.min(retryDelayMs, 1_000);
}

function backoffOf({ retryDelayMs }: UpstreamConfig): ExponentialBackoff<unknown> {
  return new ExponentialBackoff({ initialDelay: retryDelayMs, maxDelay: 60_000, generator: halfJitterGenerator });
}

function settle(tried: Tried, hasActed: boolean): Answered {
  if ("response" in tried) return tried;
  throw hasActed ? afterActing(tried.error) : tried.error;
}

async function waitFor(ms: number, { signal, changes }: Exchange, hasActed: boolean): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    const stopped = toUpstreamError(error, signal, changes);
    throw hasActed ? afterActing(stopped) : stopped;
  }
}
