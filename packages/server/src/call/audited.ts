import type { AuditActor, AuditDecision, AuditTool } from "@hardened-mcp/audit";
import type { Principal } from "@hardened-mcp/auth/principal";
import type { Operation } from "../operation.ts";

const actors = new WeakMap<Principal, AuditActor>();
const tools = new WeakMap<Operation, AuditTool>();
const allowed = new Map<string, AuditDecision>();

/** Rules remembered; a policy has few, but one that made them up must not fill the memory. */
const MAX_RULES = 256;

/*
 * What records say of callers, tools and decisions is the same from call to call. It is made once, and frozen, which tells
 * the audit log that it need not be written out anew for each record.
 */

/** The caller, as records name it. */
export function auditedActor(principal: Principal): AuditActor {
  const known = actors.get(principal);
  if (known !== undefined) return known;
  const { issuer, subject, client, tenant } = principal;
  const actor = Object.freeze({ issuer, subject, client, tenant });
  actors.set(principal, actor);
  return actor;
}

/** The operation, as records name it: with the hash of its definition. */
export function auditedTool(operation: Operation): AuditTool {
  const known = tools.get(operation);
  if (known !== undefined) return known;
  const { name, effect } = operation.target;
  const tool = Object.freeze({ name, def: operation.definition, effect });
  tools.set(operation, tool);
  return tool;
}

/** The decision to allow, by the rule that made it. */
export function auditedAllow(rule: string): AuditDecision {
  const known = allowed.get(rule);
  if (known !== undefined) return known;
  const decision = Object.freeze({ effect: "allow" as const, step: "authorize", rule });
  if (allowed.size < MAX_RULES) allowed.set(rule, decision);
  return decision;
}
