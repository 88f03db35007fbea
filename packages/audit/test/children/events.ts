import type { AuditEvent } from "../../src/index.ts";

export function intent(ref: string): AuditEvent {
  return {
    type: "call.intent",
    ref,
    actor: { issuer: "https://idp.example", subject: "u-1", client: "c-1", tenant: "t-1" },
    tool: { name: "write_file", def: "d".repeat(43), effect: "write" },
    args: { digest: "x".repeat(43), bytes: 120 },
    decision: { effect: "allow", step: "authorize", rule: "write-scope" },
  };
}

export function outcome(ref: string): AuditEvent {
  return {
    type: "call.outcome",
    ref,
    tool: { name: "write_file" },
    outcome: { code: "ok", isError: false, bytes: 12, ms: 1.5 },
  };
}
