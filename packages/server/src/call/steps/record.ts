import { EFFECT_RULES } from "../../effect.ts";
import { refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import { auditedAllow, auditedTool } from "../audited.ts";
import type { AuditSink } from "../guard.ts";
import { recordedArgs } from "../recorded-args.ts";
import type { CallState } from "../state.ts";

/** The part of every record of this call that says which call it is. */
export function recordHead(call: CallState) {
  return { ref: call.ref, trace: call.trace, actor: call.actor };
}

/**
 * Puts the intent on record. Where the effect can be felt outside, it is on disk before the handler starts; a read has
 * nothing to undo, so its intent shares the outcome's trip to the disk, still before the answer.
 */
export async function recordIntent(
  audit: AuditSink,
  call: CallState,
  operation: Operation,
  args: unknown,
  rule: string,
): Promise<void> {
  call.step = "record_intent";
  try {
    audit.write({
      type: "call.intent",
      ...recordHead(call),
      tool: auditedTool(operation),
      args: recordedArgs(audit, call, operation, args),
      decision: auditedAllow(rule),
      detail: {
        method: operation.method,
        // Allowed by what was last known, while the state that replicas share was away.
        degraded: call.degraded || undefined,
        waited_ms: call.waitedMs < 1 ? undefined : Math.round(call.waitedMs),
      },
    });
    call.intended = true;
    if (EFFECT_RULES[operation.target.effect].intentDurableFirst) await audit.durable();
  } catch (error) {
    refuseUnrecorded(error);
  }
}

/** Puts the outcome on record, and on disk: the answer leaves only after this returns. */
export async function recordOutcome(
  audit: AuditSink,
  call: CallState,
  operation: Operation,
  answer: { readonly bytes: number; readonly truncated: boolean },
): Promise<void> {
  call.step = "record_outcome";
  const ms = Math.round((performance.now() - call.startedAt) * 1000) / 1000;
  try {
    audit.write({
      type: "call.outcome",
      ...recordHead(call),
      tool: auditedTool(operation),
      outcome: {
        code: "ok",
        isError: false,
        bytes: answer.bytes,
        ms,
        ...(answer.truncated ? { truncated: true } : {}),
      },
    });
    await audit.durable();
  } catch (error) {
    refuseUnrecorded(error, WITHHELD);
  }
}

/** For a call whose handler has run: nobody may claim that nothing happened. */
export const WITHHELD = "The audit log cannot be written, so the answer is withheld. The call may have taken effect.";

/** What cannot be recorded is not done, and what was done is not told: both would leave no proof. */
export function refuseUnrecorded(
  error: unknown,
  message = "The audit log cannot be written, so the call was refused.",
): never {
  refuse("unavailable", message, { cause: error });
}
