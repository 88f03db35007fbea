import { StateError } from "@hardened-mcp/state";
import { AUTH_DEFAULTS } from "../defaults.ts";
import { TokenError } from "../token-error.ts";

/** `unknown`: whoever knows does not answer, or answers nonsense. */
type Standing = "good" | "ended" | "unknown";

/**
 * Whether a credential that was good goes on being good, asked as often as one likes. Where it cannot be told, it counts
 * as good for `maxUntoldMs` after it was last known to be: otherwise one failed answer of an issuer would end every open
 * stream as revoked.
 *
 * @param checks each throws where the credential is not good; all are asked, so that one that cannot tell hides no end
 * @param knownAt when it was last known to be good, on the monotonic clock
 */
export function watchStanding(checks: readonly (() => Promise<unknown>)[], knownAt: number): () => Promise<boolean> {
  let lastGood = knownAt;
  let hasEnded = false;

  return async () => {
    // Taken before asking: what ends while the answer travels is found out no later for it.
    const asked = performance.now();
    const found = await Promise.all(checks.map(standingBy));
    hasEnded ||= found.includes("ended");
    if (hasEnded) return false;
    if (found.includes("unknown")) return asked - lastGood < AUTH_DEFAULTS.maxUntoldMs;
    lastGood = Math.max(lastGood, asked);
    return true;
  };
}

async function standingBy(check: () => Promise<unknown>): Promise<Standing> {
  try {
    await check();
    return "good";
  } catch (error) {
    if (error instanceof StateError) return "unknown";
    // Anything else that was not foreseen fails closed.
    return error instanceof TokenError && error.status === 503 ? "unknown" : "ended";
  }
}
