import type { Principal } from "@hardened-mcp/auth/principal";
import type { Decision, Policy, PolicyTarget } from "./policy.ts";

const ALLOW: Decision = { effect: "allow", rule: "default/scope-held" };
const DENY: Decision = { effect: "deny", rule: "default/scope-missing" };
const APPROVE: Decision = { effect: "approve", rule: "default/effect-needs-approval" };

/** How far a caller is told of what it may not do yet. */
export interface ScopePolicyOptions {
  /**
   * Scopes that the server publishes for clients to ask for. A token without one of these still sees the tools behind it,
   * and a call is answered by a challenge that names the scope (step-up). Default: none, so such tools do not exist.
   */
  readonly stepUp?: Iterable<string>;
}

/** Whether the caller holds the scope that `target` needs. There is no hierarchy and no wildcard. */
export function holdsScope(principal: Principal, target: PolicyTarget): boolean {
  return target.scope === undefined || principal.scopes.has(target.scope);
}

/** Whether the caller could come back with the scope: only a token can be exchanged for one with more. */
export function canStepUp(principal: Principal, target: PolicyTarget, stepUp: ReadonlySet<string>): boolean {
  if (target.scope === undefined || !stepUp.has(target.scope)) return false;
  return principal.assurance === "token" || principal.assurance === "bound-token";
}

/** The rule without a policy file: the scope must be held, and `destroy` and `external` need a human's yes. */
export function scopePolicy(options: ScopePolicyOptions = {}): Policy {
  const stepUp = new Set(options.stepUp);
  return {
    visible: (principal, target) => holdsScope(principal, target) || canStepUp(principal, target, stepUp),
    decide(principal, target) {
      if (holdsScope(principal, target)) return target.needsApproval ? APPROVE : ALLOW;
      if (target.scope === undefined || !canStepUp(principal, target, stepUp)) return DENY;
      return { ...DENY, missingScopes: [target.scope] };
    },
  };
}

/** {@link scopePolicy} without step-up. */
export const defaultPolicy: Policy = scopePolicy();
