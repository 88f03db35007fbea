import type { Principal } from "@hardened-mcp/auth/principal";
import type { Action } from "../schema/vocabulary.ts";
import type { Standing } from "./standing.ts";

/** Remembers how callers stand. */
export interface Standings {
  of(principal: Principal, action: Action, find: () => Standing): Standing;
}

/** Callers remembered by what they are; those of one object are remembered with it. */
const MAX_CALLERS = 1_000;

type ByAction = Map<Action, Standing>;

/**
 * Two ways to what is known of a caller: by the object, which is what a cached token gives on every call, and by everything
 * that a policy can see of it, for callers that authenticate anew. Bounded by the number of actions times the number of
 * objects alive and {@link MAX_CALLERS}.
 */
export function createStandings(): Standings {
  const byObject = new WeakMap<Principal, ByAction>();
  const byFacts = new Map<string, ByAction>();

  function actionsOf(principal: Principal): ByAction {
    const facts = factsOf(principal);
    const known = byFacts.get(facts);
    const actions = known ?? new Map<Action, Standing>();
    // Last used last, so that the first is the one to forget.
    byFacts.delete(facts);
    byFacts.set(facts, actions);
    const [oldest] = byFacts.keys();
    if (byFacts.size > MAX_CALLERS && oldest !== undefined) byFacts.delete(oldest);
    byObject.set(principal, actions);
    return actions;
  }

  return {
    of(principal, action, find) {
      const actions = byObject.get(principal) ?? actionsOf(principal);
      const known = actions.get(action);
      if (known !== undefined) return known;
      const found = find();
      actions.set(action, found);
      return found;
    },
  };
}

/** Everything that a policy can see of a caller. JSON keeps one part from running into the next: alice of one tenant is nobody of another. */
function factsOf({ issuer, subject, client, tenant, scopes, roles, assurance }: Principal): string {
  return JSON.stringify([
    issuer,
    subject,
    client ?? null,
    tenant ?? null,
    [...scopes].sort(),
    [...roles].sort(),
    assurance,
  ]);
}
