import { principalKey } from "@hardened-mcp/auth/principal";
import { type Deadline, type Release, withDeadline } from "@hardened-mcp/limits";
import type { Principal } from "@hardened-mcp/server";
import { type ApiRequest, type SendContext, type Upstream, UpstreamError } from "../model/exchange.ts";
import type { Exchange } from "./answer.ts";
import { type AttemptParts, attempt } from "./attempts.ts";
import type { Cache } from "./cache/cache.ts";
import { toUpstreamError } from "./errors.ts";

/** What one API's requests go through. */
export interface SendParts extends AttemptParts {
  readonly cache: Cache;
  /** Of every request, whatever its caller says. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The way of a request: what is kept is given; otherwise it waits for its place, is sent with its credential as often as
 * it may be, and holds the place until its body has ended.
 */
export function createSend(parts: SendParts): Upstream["send"] {
  const { base, cache, credential, admission } = parts;
  const owners = new WeakMap<Principal, string>();

  /** Everything that makes a caller another one to this server, and to the API. */
  function ownerOf(principal: Principal): string {
    const known = owners.get(principal);
    if (known !== undefined) return known;
    const identity = credential.identity(principal);
    const owner = JSON.stringify([principalKey(principal), principal.client ?? null, identity]);
    owners.set(principal, owner);
    return owner;
  }

  return async (request, context) => {
    // Requests are built below the base URL. Wherever else one comes from, it gets no credential (CVE-2026-27826).
    if (!base.contains(request.url)) throw new UpstreamError("unreachable");
    // Used up before it got here.
    if (context.deadlineMs <= 0) throw new UpstreamError("timeout");
    const { method, url } = request;
    const turn = cache.open(ownerOf(context.principal), url, {
      method,
      url: url.href,
      headers: request.headers,
    });
    if (turn.fresh !== undefined) return turn.fresh;

    const exchange = openExchange(request, context);
    try {
      exchange.hold(await admission.enter(exchange.signal));
      const headers = { ...request.headers, ...parts.headers, ...turn.validators };
      const answered = await attempt(parts, { request, headers, context, exchange });
      return await turn.answer(answered, exchange);
    } catch (error) {
      exchange.end();
      throw toUpstreamError(error, exchange.signal, exchange.changes);
    } finally {
      if (exchange.changes) cache.wrote(url);
    }
  };
}

interface HeldExchange extends Exchange {
  leftMs(): number;
  /** Until it ends; at once, where it has ended. */
  hold(release: Release): void;
}

function openExchange({ method }: ApiRequest, { deadlineMs, signal }: SendContext): HeldExchange {
  const deadline: Deadline = withDeadline(deadlineMs, signal);
  const endsAt = performance.now() + deadlineMs;
  let release: Release | undefined;
  let hasEnded = false;

  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    deadline[Symbol.dispose]();
    release?.();
  }
  // Whoever forgets a body must not keep its place for ever.
  deadline.signal.addEventListener("abort", end, { once: true });

  return {
    signal: deadline.signal,
    changes: method !== "GET" && method !== "HEAD",
    leftMs: () => endsAt - performance.now(),
    hold(given) {
      release = given;
      if (hasEnded) given();
    },
    end,
  };
}
