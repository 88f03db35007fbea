import type { AuditEvent } from "@hardened-mcp/audit";

const actor = Object.freeze({ issuer: "https://idp.example", subject: "u-1", client: "c-1", tenant: "t-1" });
const tool = Object.freeze({ name: "write_file", def: "d".repeat(43), effect: "write" as const });
const decision = Object.freeze({ effect: "allow" as const, step: "authorize", rule: "scope/notes:write" });

/** The two records of a call, as the call path writes them. */
export function intentOf(ref: string): AuditEvent {
  return {
    type: "call.intent",
    ref,
    actor,
    tool,
    args: { digest: "x".repeat(43), bytes: 120 },
    decision,
    detail: { method: "tools/call" },
  };
}

export function outcomeOf(ref: string): AuditEvent {
  return { type: "call.outcome", ref, actor, tool, outcome: { code: "ok", isError: false, bytes: 212, ms: 1.25 } };
}
