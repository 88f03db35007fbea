import type { Principal } from "@hardened-mcp/auth/principal";
import type { Decision } from "@hardened-mcp/policy";
import { type ApprovalAnswer, noApprover } from "../../approval.ts";
import { refuse, toCallError } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { Guard } from "../guard.ts";
import type { CallState } from "../state.ts";
import { waitFor } from "../wait.ts";
import { recordApproval, recordRequested } from "./record-approval.ts";

/** Has a human agreed? Asked only where the policy says so; the rule that answered joins the record. */
export async function approve(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  args: unknown,
  decision: Decision,
): Promise<string> {
  if (decision.effect === "allow") return decision.rule;
  call.step = "approve";
  // Nobody can be asked, so there is nothing to record but the refusal.
  if (guard.approver === noApprover) refuse("approval_required", undefined, { rule: "default/no-approver" });
  await recordRequested(guard.audit, call, operation, decision.rule);
  const askedAt = performance.now();
  const { approved, rule } = await ask(guard, call, operation, principal, args);
  const ms = Math.round(performance.now() - askedAt);
  const effect = approved ? "allow" : "deny";
  recordApproval(guard.audit, call, operation, "approval.decided", { effect, step: "approve", rule }, { ms });
  if (!approved) refuse("approval_required", undefined, { rule });
  return `${decision.rule} ${rule}`;
}

/** The answer, or a record that there was none in time: a request that is left open would look like one still waiting. */
async function ask(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  args: unknown,
): Promise<ApprovalAnswer> {
  const { target, definition } = operation;
  try {
    const { approved, rule } = await waitFor(call, guard.approvalWaitMs, (signal) =>
      guard.approver.ask({ ref: call.ref, principal, target, definition, args, signal }),
    );
    return { approved: approved === true, rule: String(rule) };
  } catch (thrown) {
    const { code, rule = "approver_failed" } = toCallError(thrown);
    recordApproval(guard.audit, call, operation, "approval.expired", { effect: "deny", step: "approve", rule, code });
    throw thrown;
  }
}
