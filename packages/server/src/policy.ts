import { EFFECT_RULES, type Effect } from "./effect.ts";
import type { Principal } from "./principal.ts";

/** What a policy is asked about: the operation as declared, never as a client describes it. */
export interface PolicyTarget {
  /** MCP method, such as `tools/call`. */
  readonly method: string;
  /** Tool or prompt name, resource name, or the method itself for lists. */
  readonly name: string;
  readonly effect: Effect;
  /** The scope a caller must hold; `undefined` needs none. */
  readonly scope: string | undefined;
}

/** Allow, deny, or ask a human first; `rule` names what decided, for the audit record. */
export interface Decision {
  readonly effect: "allow" | "deny" | "approve";
  readonly rule: string;
}

/** May they? Asked on every call, with arguments that have already passed the schema. */
export interface Policy {
  /** Whether the caller may know the operation exists. What is not visible answers exactly like what does not exist. */
  visible(principal: Principal, target: PolicyTarget): boolean;
  /** Decides one call. Throwing, or answering anything but an allow, runs nothing. */
  decide(principal: Principal, target: PolicyTarget, args: unknown): Decision | Promise<Decision>;
}

const holds = (principal: Principal, target: PolicyTarget): boolean =>
  target.scope === undefined || principal.scopes.has(target.scope);

const ALLOW: Decision = { effect: "allow", rule: "default/scope-held" };
const DENY: Decision = { effect: "deny", rule: "default/scope-missing" };
const APPROVE: Decision = { effect: "approve", rule: "default/effect-needs-approval" };

/** The rule without a policy file: the scope must be held, and `destroy` and `external` need a human's yes. */
export const defaultPolicy: Policy = {
  visible: holds,
  decide: (principal, target) => {
    if (!holds(principal, target)) return DENY;
    return EFFECT_RULES[target.effect].approvalByDefault ? APPROVE : ALLOW;
  },
};
