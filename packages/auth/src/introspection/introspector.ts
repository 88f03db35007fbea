import { hash } from "node:crypto";

import { AuthConfigError } from "../auth-config-error.ts";
import { AUTH_DEFAULTS } from "../defaults.ts";
import type { GuardedFetch } from "../fetch/guarded-fetch.ts";
import { refuseUnknownKeys } from "../options/known-keys.ts";
import { requireWhole } from "../options/whole.ts";
import { TokenError } from "../token-error.ts";
import { createAnswers } from "./answers.ts";
import { askEndpoint } from "./ask-endpoint.ts";
import type { Introspected } from "./introspected.ts";

/** Asks an authorization server about tokens that say nothing by themselves (RFC 7662). */
export interface Introspector {
  /**
   * @param wasGood it was active before, so it may use the places that are kept for such tokens. Default false
   * @returns `undefined`: the token is not active
   * @throws {TokenError} `introspection-away`, `introspection-answer`: not what RFC 7662 allows as an answer;
   * `introspection-busy`: too many questions under way. Whether the token is good is not known then: never let it in.
   */
  introspect(token: string, wasGood?: boolean): Promise<Introspected | undefined>;
}

export interface IntrospectorOptions {
  /** The introspection endpoint; `https` only. */
  readonly endpoint: URL;
  readonly clientId: string;
  /** Read for each request, so that a rotated secret is taken up. */
  readonly clientSecret: () => string;
  readonly fetch: GuardedFetch;
  /** Milliseconds for which an active token is believed without asking again. Default 10 000, at most 30 000; 0: never. */
  readonly cacheMs?: number;
  /** Active tokens remembered. Default 10 000. */
  readonly maxEntries?: number;
  /** Questions under way at once, a quarter of which is kept for tokens that were good before. Default 32. */
  readonly maxConcurrent?: number;
}

const KNOWN: Record<keyof IntrospectorOptions, true> = {
  endpoint: true,
  clientId: true,
  clientSecret: true,
  fetch: true,
  cacheMs: true,
  maxEntries: true,
  maxConcurrent: true,
};

/** Long enough that a client that keeps trying costs one question a second. */
const INACTIVE_MS = 1_000;
const MAX_INACTIVE = 10_000;

/**
 * One bad token sent often makes one question a second; many bad tokens at once make at most three quarters of
 * `maxConcurrent`. The two kinds of answer are kept apart, so that a flood of bad tokens does not push out the good ones.
 *
 * @throws {AuthConfigError} an option that does not exist or is out of bounds
 */
export function createIntrospector(options: IntrospectorOptions): Introspector {
  refuseUnknownKeys("createIntrospector", options, KNOWN);
  const { endpoint, clientId, clientSecret, fetch } = options;
  const { cacheMs = 10_000, maxEntries = 10_000, maxConcurrent = AUTH_DEFAULTS.maxIntrospections } = options;
  requireWhole("cacheMs", cacheMs, 0, 30_000);
  requireWhole("maxEntries", maxEntries, 1, 10_000_000);
  requireWhole("maxConcurrent", maxConcurrent, 1, 10_000);
  if (endpoint.protocol !== "https:" || endpoint.username !== "" || endpoint.password !== "") {
    throw new AuthConfigError("The introspection endpoint must be an https URL without user name and password.");
  }
  if (clientId === "") throw new AuthConfigError("clientId must not be empty: the endpoint has to know who asks.");

  const active = createAnswers<Introspected>(maxEntries);
  const inactive = createAnswers<true>(MAX_INACTIVE);
  const asking = new Map<string, Promise<Introspected | undefined>>();
  const maxStrangers = maxConcurrent - Math.floor(maxConcurrent * AUTH_DEFAULTS.introspectionReserve);
  let strangers = 0;

  async function ask(token: string, digest: string): Promise<Introspected | undefined> {
    const asked = performance.now();
    const answer = await askEndpoint(token, { endpoint, clientId, clientSecret, fetch });
    const leftMs = answer === undefined ? 0 : lifeLeftMs(answer);
    if (answer === undefined || leftMs <= 0) {
      inactive.put(digest, true, asked + INACTIVE_MS);
      return undefined;
    }
    // From before the question: what was revoked while the answer travelled is found out no later for it.
    active.put(digest, answer, asked + Math.min(cacheMs, leftMs));
    return answer;
  }

  return {
    async introspect(token, wasGood = false) {
      // The token itself is kept nowhere: a dump of this process's memory shall hold as few as possible.
      const digest = hash("sha256", token, "base64url");
      const known = active.get(digest);
      if (known !== undefined) return known;
      if (inactive.get(digest) !== undefined) return undefined;

      const underWay = asking.get(digest);
      if (underWay !== undefined) return await underWay;
      const isCrowded = asking.size >= maxConcurrent || (!wasGood && strangers >= maxStrangers);
      if (isCrowded) throw new TokenError("introspection-busy");
      if (!wasGood) strangers++;
      const answer = ask(token, digest).finally(() => {
        asking.delete(digest);
        if (!wasGood) strangers--;
      });
      asking.set(digest, answer);
      return await answer;
    },
  };
}

/** @throws {TokenError} `introspection-answer`: `exp` is no time */
function lifeLeftMs({ exp }: Introspected): number {
  if (exp === undefined) return Number.POSITIVE_INFINITY;
  if (typeof exp !== "number") throw new TokenError("introspection-answer");
  return exp * 1000 - Date.now();
}
