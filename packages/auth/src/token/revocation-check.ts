import { StateError } from "@hardened-mcp/state";
import { AUTH_DEFAULTS } from "../defaults.ts";
import type { Revocations } from "../revocation/revocations.ts";
import { TokenError } from "../token-error.ts";
import type { VerifiedToken } from "./verified-token.ts";

/**
 * Asks on every call whether a token was revoked. With the store away, what was last known counts for five minutes.
 *
 * @returns asks for one token; `degraded`: by what was last known. Throws `TokenError` `revoked`, `revocation-unknown`,
 * and `StateError` where the store holds what this server did not write.
 */
export function createRevocationCheck(
  revocations: Revocations | undefined,
): (token: VerifiedToken) => Promise<{ degraded: boolean }> {
  if (revocations === undefined) return async () => ({ degraded: false });
  return async ({ principal, jti, issuedAt }) => {
    const isCurrent = await isRefreshed(revocations);
    if (revocations.ageMs() > AUTH_DEFAULTS.maxRevocationAgeMs) throw new TokenError("revocation-unknown");
    const { issuer, subject, client } = principal;
    if (revocations.isRevoked({ issuer, subject, client, jti, issuedAt })) throw new TokenError("revoked");
    return { degraded: !isCurrent };
  };
}

async function isRefreshed(revocations: Revocations): Promise<boolean> {
  try {
    await revocations.refresh();
    return true;
  } catch (error) {
    if (error instanceof StateError && error.code === "unavailable") return false;
    throw error;
  }
}
