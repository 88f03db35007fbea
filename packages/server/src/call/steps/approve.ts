import type { Principal } from "@hardened-mcp/auth/principal";
import type { Decision } from "@hardened-mcp/policy";
import { refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { Guard } from "../guard.ts";
import type { CallState } from "../state.ts";
import { waitFor } from "../wait.ts";

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
  const { target, definition } = operation;
  const answer = await waitFor(call, guard.approvalWaitMs, (signal) =>
    guard.approver.ask({ ref: call.ref, principal, target, definition, args, signal }),
  );
  if (answer.approved !== true) refuse("approval_required", undefined, { detail: answer.rule });
  return `${decision.rule} ${answer.rule}`;
}
