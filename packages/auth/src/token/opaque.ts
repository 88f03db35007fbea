import { type ClaimsRules, readIntrospectedClaims } from "../claims/read-token.ts";
import type { GuardedFetch } from "../fetch/guarded-fetch.ts";
import { createIntrospector, type Introspector } from "../introspection/introspector.ts";
import type { Discovery } from "../keys/discovery.ts";
import type { IntrospectionSettings } from "../options/issuer.ts";
import { TokenError } from "../token-error.ts";
import type { VerifiedToken } from "./verified-token.ts";

/** The issuer whose tokens only it can read. */
export interface OpaqueIssuer {
  /**
   * @param wasGood it was good before, so a flood of others does not keep it from being asked about
   * @throws {TokenError} `inactive`, `introspection-away`, or whatever its claims lack
   */
  verify(token: string, wasGood: boolean): Promise<VerifiedToken>;
}

interface OpaqueIssuerOptions extends IntrospectionSettings {
  readonly rules: ClaimsRules;
  readonly discovery: Discovery;
  readonly fetch: GuardedFetch;
}

export function createOpaqueIssuer(options: OpaqueIssuerOptions): OpaqueIssuer {
  const { endpoint, clientId, clientSecret, cacheMs, rules, discovery, fetch } = options;
  // The introspector remembers its answers for a moment, and gives the same object again.
  const read = new WeakMap<object, VerifiedToken>();
  let current: { readonly href: string; readonly introspector: Introspector } | undefined;

  async function introspector(): Promise<Introspector> {
    const url = endpoint ?? (await discovery.find("introspection_endpoint"));
    if (url?.protocol !== "https:") throw new TokenError("introspection-away");
    if (current?.href !== url.href) {
      current = {
        href: url.href,
        introspector: createIntrospector({ endpoint: url, clientId, clientSecret, cacheMs, fetch }),
      };
    }
    return current.introspector;
  }

  return {
    async verify(token, wasGood) {
      const claims = await (await introspector()).introspect(token, wasGood);
      if (claims === undefined) throw new TokenError("inactive");
      const known = read.get(claims);
      if (known !== undefined) return known;
      const verified = readIntrospectedClaims(claims, rules);
      read.set(claims, verified);
      return verified;
    },
  };
}
