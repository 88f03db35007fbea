import type { Principal } from "@hardened-mcp/auth/principal";
import { refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import { auditedTool } from "../audited.ts";
import type { Guard } from "../guard.ts";
import { createHandlerCall } from "../handler-call.ts";
import type { CallState } from "../state.ts";
import { waitFor } from "../wait.ts";
import { admitAs } from "./admit.ts";
import { authorize, isRefusedInAnyForm } from "./authorize.ts";

/**
 * What would it do? Most tools do one thing and declare it. Where the arguments decide, the tool is asked here, and from now on
 * the call is that: another price, another question to the policy, another record.
 *
 * Only what the tool has declared can come out. A tool that says otherwise, or fails to say, runs nothing: what was never
 * declared was never listed, and nobody wrote a rule for it.
 */
export async function classify(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  args: unknown,
): Promise<Operation> {
  const { effectOf, byEffect } = operation;
  if (effectOf === undefined || byEffect === undefined) return operation;
  call.step = "classify";
  if (await isRefusedInAnyForm(guard, call, byEffect.values(), principal, args)) {
    await authorize(guard, call, operation, principal, args);
  }
  const effect = await waitFor(call, operation.deadlineMs, (signal) =>
    effectOf(args, createHandlerCall(guard, { call, operation, principal, signal, progress: () => {} })),
  );
  const classified = byEffect.get(effect as Operation["target"]["effect"]);
  if (classified === undefined) refuse("internal", undefined, { rule: "undeclared_effect" });
  await admitAs(guard, call, { from: operation, to: classified }, principal);
  call.operation = classified;
  call.tool = auditedTool(classified);
  return classified;
}
