import type { ClaimsRules } from "../claims/read-token.ts";
import { createGuardedFetch } from "../fetch/guarded-fetch.ts";
import type { JwtIssuer } from "../jwt/jwt-verifier.ts";
import { createDiscovery } from "../keys/discovery.ts";
import { createIssuerKeys } from "../keys/issuer-keys.ts";
import type { IssuerSettings } from "../options/issuer.ts";
import type { Settings } from "../options/settings.ts";
import { createOpaqueIssuer, type OpaqueIssuer } from "./opaque.ts";

/** The issuers this server takes tokens of, each with keys and connections of its own. */
export interface Issuers {
  /** By issuer identifier. */
  readonly jwt: ReadonlyMap<string, JwtIssuer>;
  readonly opaque: OpaqueIssuer | undefined;
}

/** Nothing is asked of an issuer before its first token comes. */
export function createIssuers(settings: Settings, signal: AbortSignal): Issuers {
  const jwt = new Map<string, JwtIssuer>();
  let opaque: OpaqueIssuer | undefined;
  for (const issuer of settings.issuers) {
    const fetch = createGuardedFetch({ ca: issuer.ca, privateAddresses: issuer.privateAddresses, signal });
    const discovery = createDiscovery(issuer.issuer, fetch, settings.onTrouble);
    const rules = rulesOf(issuer, settings);
    if (issuer.introspection !== undefined) {
      opaque = createOpaqueIssuer({ ...issuer.introspection, rules, discovery, fetch });
      continue;
    }
    const locate = async () => issuer.jwksUri ?? (await discovery.find("jwks_uri"));
    const keys = createIssuerKeys({ issuer: issuer.issuer, locate, fetch, onTrouble: settings.onTrouble });
    jwt.set(issuer.issuer, { rules, algorithms: issuer.algorithms, keys });
  }
  return { jwt, opaque };
}

function rulesOf({ issuer, audiences, mapping }: IssuerSettings, { clockToleranceS, maxAgeS }: Settings): ClaimsRules {
  return { issuer, audiences, mapping, clockToleranceS, maxAgeS };
}
