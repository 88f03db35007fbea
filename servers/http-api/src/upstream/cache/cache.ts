import type CachePolicy from "http-cache-semantics";
import type { UpstreamConfig } from "../../config/upstream-schema.ts";
import { type UpstreamAnswer, UpstreamError } from "../../model/exchange.ts";
import { discardQuietly, type Exchange, liveAnswer, wholeAnswer } from "../answer.ts";
import type { Answered } from "../attempts.ts";
import { type CacheRequest, isCacheable, policyOf, renewed, validatorsOf } from "./rules.ts";
import { createStore, type Stored } from "./store.ts";

/** Answers of one API, of each caller for itself (RFC 9111, as private caches). */
export interface Cache {
  /** @param owner whose answer it is: nobody else is ever given it */
  open(owner: string, url: URL, request: CacheRequest): CacheTurn;
  /** Something was written: what was answered about this path before is wrong now (RFC 9111, section 4.4), whoever asked. */
  wrote(url: URL): void;
}

/** One request, from look-up to keeping. */
export interface CacheTurn {
  /** Good without asking. */
  readonly fresh: UpstreamAnswer | undefined;
  /** To be sent with the request. */
  readonly validators: Readonly<Record<string, string>>;
  /** @throws {UpstreamError} `broken`: a 304 about another version */
  answer(answered: Answered, exchange: Exchange): Promise<UpstreamAnswer>;
}

const PASS: CacheTurn = {
  fresh: undefined,
  validators: {},
  answer: async ({ response }, exchange) => liveAnswer(response, exchange),
};

export function createCache({ cache, maxResponseBytes }: UpstreamConfig): Cache {
  if (!cache.enabled) return { open: () => PASS, wrote: () => {} };
  const store = createStore(cache.maxBytes);
  let writes = 0;

  function keep(key: string, policy: CachePolicy, path: string, since: number, chunks: readonly Uint8Array[]): void {
    // What was read while something was written may be from before: it is not known which came first.
    if (since === writes) store.put(key, { policy, body: joined(chunks), path });
  }

  return {
    open(owner, url, request) {
      if (!isCacheable(request)) return PASS;
      // All headers, although Vary names some: no entry has to be told from another by them.
      const key = JSON.stringify([owner, request.method, url.href, request.headers]);
      const path = url.pathname;
      const since = writes;
      const known = store.get(key);
      return {
        fresh: known === undefined ? undefined : freshAnswer(known, request),
        validators: known === undefined ? {} : validatorsOf(known.policy, request),
        async answer({ response, isRedirected }, exchange) {
          if (known !== undefined && response.status === 304) {
            await discardQuietly(response);
            exchange.end();
            store.delete(key);
            const policy = isRedirected ? undefined : renewed(known.policy, request, response.headers);
            if (policy === undefined) throw new UpstreamError("broken");
            if (since === writes && policy.storable()) store.put(key, { ...known, policy });
            return answerOf({ ...known, policy });
          }
          store.delete(key);
          // What another URL says about itself says nothing about how long this one leads there.
          const policy = isRedirected ? undefined : policyOf(request, response.status, response.headers);
          if (policy === undefined) return liveAnswer(response, exchange);
          const most = Math.min(maxResponseBytes, cache.maxBytes);
          return liveAnswer(response, exchange, { most, keep: (chunks) => keep(key, policy, path, since, chunks) });
        },
      };
    },
    wrote(url) {
      writes++;
      store.deletePath(url.pathname);
    },
  };
}

function freshAnswer(known: Stored, request: CacheRequest): UpstreamAnswer | undefined {
  // Also not stale while it is asked about (RFC 5861): nobody here would ask.
  return known.policy.satisfiesWithoutRevalidation(request) ? answerOf(known) : undefined;
}

function answerOf({ policy, body }: Stored): UpstreamAnswer {
  const headers = policy.responseHeaders() as Record<string, string>;
  return wholeAnswer(policy.toObject().st, headers, body);
}

/** Memory of its own: a piece may be a view of a far larger buffer, which would stay as long as it. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
