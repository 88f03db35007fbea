import { hash } from "node:crypto";
import { StateError, type StateStore } from "@hardened-mcp/state";

import { TokenError } from "../token-error.ts";
import { createLocalReplays } from "./local-replays.ts";

/** Lets each proof be used once. */
export interface ReplayGuard {
  /**
   * @param id names one proof
   * @throws {TokenError} `dpop-replayed`; `state-away`: neither the store nor this process can tell
   */
  use(id: string): Promise<{ degraded: boolean }>;
}

interface ReplayGuardOptions {
  readonly store: StateStore;
  /** Milliseconds for which a proof can be sent again and be good in every other way. */
  readonly windowMs: number;
  readonly maxRemembered: number;
  readonly now: () => number;
}

/**
 * Remembers used proofs in the shared store, and in this process as well: with the store away, what was used here is
 * still refused here. What another replica saw is not known then, which the caller is told (`degraded`).
 */
export function createReplayGuard({ store, windowMs, maxRemembered, now }: ReplayGuardOptions): ReplayGuard {
  const local = createLocalReplays({ windowMs, max: maxRemembered, now });

  return {
    async use(id) {
      // Of fixed length whatever the sender chose, and nothing of the proof goes to the store.
      const key = `dpop:${hash("sha256", id, "base64url")}`;
      // Before the store is asked: of two requests at once in this process the second must find the first.
      const here = local.use(key);
      if (here === "used") throw new TokenError("dpop-replayed");
      try {
        if (await store.putIfAbsent(key, "used", { ttlMs: windowMs })) return { degraded: false };
      } catch (error) {
        if (!(error instanceof StateError) || error.code !== "unavailable") throw error;
        if (here === "unknown") throw new TokenError("state-away");
        return { degraded: true };
      }
      throw new TokenError("dpop-replayed");
    },
  };
}
