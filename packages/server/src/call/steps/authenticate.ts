import type { Principal } from "@hardened-mcp/auth/principal";
import { refuse } from "../../errors/call-error.ts";
import { auditedActor } from "../audited.ts";
import type { Guard } from "../guard.ts";
import type { CallState } from "../state.ts";

/** Who is calling? The entry has established it; a call nobody stands behind goes no further. */
export function authenticate(call: CallState): Principal {
  call.step = "authenticate";
  const { principal, degraded } = call.request.origin;
  if (principal === undefined) refuse("denied", undefined, { rule: "no_principal" });
  call.actor = auditedActor(principal);
  if (degraded === true) call.degraded = true;
  return principal;
}

/**
 * Brings what the policy stands on up to date: an operator's switch holds from the next call on. While the store that
 * holds it is away, what was last known goes on for reads, and only for as long as that may be trusted.
 */
export async function bringUpToDate(guard: Guard, call: CallState, refreshing: Promise<void>): Promise<void> {
  try {
    await refreshing;
    guard.freshness.confirmed();
  } catch (error) {
    if (!guard.freshness.isTrusted(error))
      refuse("unavailable", undefined, { cause: error, rule: "policy-state-away" });
    call.degraded = true;
  }
}
