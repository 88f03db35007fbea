import type { Principal } from "@hardened-mcp/auth/principal";
import type { Decision } from "@hardened-mcp/policy";
import { refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { Guard } from "../guard.ts";
import type { CallState } from "../state.ts";
import { waitFor } from "../wait.ts";
import { refuseDegradedWrite } from "./admit.ts";
import { bringUpToDate } from "./authenticate.ts";

/** May they, with exactly these arguments? A policy that throws, or answers in no known way, allows nothing. */
export async function authorize(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  args: unknown,
): Promise<Decision> {
  call.step = "authorize";
  const decided = decide(guard, call, operation, principal, args);
  const decision = decided instanceof Promise ? await decided : decided;
  if (isYes(decision)) return decision;
  const { rule, message, missingScopes } = decision;
  if (missingScopes === undefined || missingScopes.length === 0) refuse("denied", message, { rule });
  refuse(
    "denied",
    `The access token lacks a scope that this needs: ${missingScopes.join(" ")}. Get a token with it, then try again.`,
    {
      rule,
      missingScopes,
    },
  );
}

/**
 * Whether it would be refused whatever it turned out to be. Then nothing is asked about it: what a tool has to say of a call, even
 * that it is not valid, may tell of things that this caller has no business with.
 */
export async function isRefusedInAnyForm(
  guard: Guard,
  call: CallState,
  forms: Iterable<Operation>,
  principal: Principal,
  args: unknown,
): Promise<boolean> {
  for (const form of forms) {
    const decided = decide(guard, call, form, principal, args);
    if (isYes(decided instanceof Promise ? await decided : decided)) return false;
  }
  return true;
}

/** Not async: a thenable that is no promise would be waited for, and is no answer. */
function decide(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  args: unknown,
): Decision | Promise<Decision> {
  const decided = guard.policy.decide(principal, operation.target, args);
  return decided instanceof Promise ? waitFor(call, operation.deadlineMs, () => decided) : decided;
}

function isYes({ effect }: Decision): boolean {
  return effect === "allow" || effect === "approve";
}

/**
 * A person took their time to agree, and in the meantime an operator may have turned something off: what they agreed to has
 * to be allowed now, not when they were asked.
 */
export async function authorizeAgain(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  args: unknown,
): Promise<void> {
  const refreshing = guard.policy.refresh?.();
  if (refreshing !== undefined) await bringUpToDate(guard, call, refreshing);
  refuseDegradedWrite(call, operation);
  await authorize(guard, call, operation, principal, args);
}
