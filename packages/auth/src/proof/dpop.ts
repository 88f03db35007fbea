import { hash } from "node:crypto";
import type { StateStore } from "@hardened-mcp/state";

import { refuseUnknownKeys } from "../options/known-keys.ts";
import { requireWhole } from "../options/whole.ts";
import { TokenError } from "../token-error.ts";
import { openProof } from "./open-proof.ts";
import { createReplayGuard } from "./replay-guard.ts";
import { createSigningKeys } from "./signing-key.ts";

/** What a DPoP proof is checked against. */
export interface DpopInput {
  /** Every value of every `DPoP` header of the request. */
  readonly proofs: readonly string[];
  readonly method: string;
  /** This server's canonical URI, never what the request's `Host` says. */
  readonly htu: string;
  readonly accessToken: string;
  /** `cnf.jkt` of the access token, which must have been verified; `undefined`: the token is bound to no key. */
  readonly boundTo: string | undefined;
}

/** Whether the sender of a request holds the key its access token is bound to (RFC 9449). */
export interface DpopVerifier {
  /**
   * @returns `degraded`: the store was away, so a replay was looked for in this process only
   * @throws {TokenError} any code that starts with `dpop-`; `binding-mismatch`; `state-away`
   * @throws {StateError} the store refused for another reason than being away
   */
  verify(input: DpopInput): Promise<{ degraded: boolean }>;
}

export interface DpopOptions {
  /** Where used proofs are remembered, so that another replica refuses them too. */
  readonly state: StateStore;
  /** Seconds after its making for which a proof is good. Default 60, at most 600. */
  readonly maxAgeS?: number;
  /** Seconds by which the clocks of clients and replicas may differ from ours, either way. Default 5, at most 60. */
  readonly clockToleranceS?: number;
  /** Used proofs that this process remembers on its own. Default 100 000, about 12 MB. */
  readonly maxRemembered?: number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

const KNOWN: Record<keyof DpopOptions, true> = {
  state: true,
  maxAgeS: true,
  clockToleranceS: true,
  maxRemembered: true,
  now: true,
};

/**
 * Checks DPoP proofs, in the order of RFC 9449, section 4.3; a replay last, so that only a proof that is good in every
 * other way takes up memory. A server nonce (section 8) is not asked for: the window of a stolen proof is `maxAgeS`,
 * and within it the replay check holds.
 *
 * @throws {AuthConfigError} an option that does not exist, or a number outside its bounds
 */
export function createDpopVerifier(options: DpopOptions): DpopVerifier {
  refuseUnknownKeys("createDpopVerifier", options, KNOWN);
  const { state, maxAgeS = 60, clockToleranceS = 5, maxRemembered = 100_000, now = Date.now } = options;
  requireWhole("maxAgeS", maxAgeS, 1, 600);
  requireWhole("clockToleranceS", clockToleranceS, 0, 60);
  requireWhole("maxRemembered", maxRemembered, 1, 10_000_000);

  const keys = createSigningKeys(1_000);
  const times = { maxAgeS, clockToleranceS, now };
  // A proof from a clock that is ahead is good for `maxAgeS` and twice the tolerance; a replica's clock may lag as well;
  // and ages are compared in whole seconds.
  const windowMs = (maxAgeS + 3 * clockToleranceS + 1) * 1000;
  const replays = createReplayGuard({ store: state, windowMs, maxRemembered, now });

  return {
    async verify({ proofs, method, htu, accessToken, boundTo }) {
      const [proof] = proofs;
      if (proof === undefined || proofs.length !== 1) throw new TokenError("dpop-proof-missing");
      // Section 7.1: a proof by just any key next to a token that anyone may use proves nothing.
      if (boundTo === undefined) throw new TokenError("dpop-unbound");

      const claims = await openProof(proof, boundTo, keys, times);
      if (claims.htm !== method) throw new TokenError("dpop-method");
      const target = withoutQuery(htu);
      if (target === undefined || withoutQuery(claims.htu) !== target) throw new TokenError("dpop-uri");
      if (claims.ath !== hash("sha256", accessToken, "base64url")) throw new TokenError("dpop-token");

      return await replays.use(JSON.stringify([boundTo, claims.jti, target]));
    },
  };
}

/** Section 4.3, check 9: both URIs normalised, without query and fragment. A user name in one is no part of ours. */
function withoutQuery(uri: string): string | undefined {
  const url = URL.parse(uri);
  return url === null || url.username !== "" || url.password !== "" ? undefined : url.origin + url.pathname;
}
