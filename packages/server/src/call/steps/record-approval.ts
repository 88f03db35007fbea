import type { AuditDecision, AuditDetail, AuditEvent } from "@hardened-mcp/audit";
import type { Operation } from "../../operation.ts";
import { auditedTool } from "../audited.ts";
import type { AuditSink } from "../guard.ts";
import { validatedArgs } from "../recorded-args.ts";
import type { CallState } from "../state.ts";
import { recordHead, refuseUnrecorded } from "./record.ts";

type ApprovalType = Extract<AuditEvent, { type: `approval.${string}` }>["type"];

/** Puts one turn of an approval on record, with the arguments it is about. */
export function recordApproval(
  audit: AuditSink,
  call: CallState,
  operation: Operation,
  type: ApprovalType,
  decision: AuditDecision,
  detail?: AuditDetail,
): void {
  try {
    const args = validatedArgs(audit, call);
    audit.write({ type, ...recordHead(call), tool: auditedTool(operation), args, decision, detail });
  } catch (error) {
    refuseUnrecorded(error);
  }
}

/** What a person is asked is on disk before they are. */
export async function recordRequested(
  audit: AuditSink,
  call: CallState,
  operation: Operation,
  rule: string,
): Promise<void> {
  recordApproval(audit, call, operation, "approval.requested", { effect: "approve", step: "authorize", rule });
  try {
    await audit.durable();
  } catch (error) {
    refuseUnrecorded(error);
  }
}

/** The yes is used up by the call it was for; its intent follows. */
export function recordConsumed(audit: AuditSink, call: CallState, operation: Operation, rule: string): void {
  call.step = "record_intent";
  recordApproval(audit, call, operation, "approval.consumed", { effect: "allow", step: "approve", rule });
}
