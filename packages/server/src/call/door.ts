import { CallError, toCallError } from "../errors/call-error.ts";
import { ERRORS } from "../errors/table.ts";
import type { Answer } from "./answer.ts";
import type { Guard } from "./guard.ts";
import type { CallState } from "./state.ts";
import { recordHead } from "./steps/record.ts";

/**
 * The one door. Every refusal and every failure leaves here: put on record, written to the operator's log with all that
 * is known, and answered with nothing but a public code, its text and a reference.
 */
export async function leaveByTheDoor(guard: Guard, call: CallState, thrown: unknown): Promise<Answer> {
  const stopped = toCallError(thrown);
  const stoppedAt = call.step;
  const error = (await isRecorded(guard, call, stopped)) ? stopped : toUnavailable(stopped);
  tellOperator(guard, call, stoppedAt, error);
  guard.metrics.called(call.tool?.name ?? "unknown", error.code, performance.now() - call.startedAt);
  return {
    ok: false,
    error: {
      code: error.code,
      message: error.message,
      ref: call.ref,
      retryable: ERRORS[error.code].retryable,
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    },
    unknown: stoppedAt === "find",
    rpc: ERRORS[error.code].rpc,
  };
}

async function isRecorded(guard: Guard, call: CallState, stopped: CallError): Promise<boolean> {
  const { audit } = guard;
  try {
    if (call.intended && call.tool !== undefined) {
      const ms = Math.round((performance.now() - call.startedAt) * 1000) / 1000;
      audit.write({
        type: "call.outcome",
        ...recordHead(call),
        tool: call.tool,
        outcome: { code: stopped.code, isError: true, bytes: 0, ms },
        detail: { step: call.step },
      });
    } else {
      audit.write({
        type: "call.refused",
        ...recordHead(call),
        tool: call.tool ?? { name: call.request.name },
        decision: { effect: "deny", step: call.step, rule: stopped.detail, code: stopped.code },
        detail: { method: call.request.method },
      });
    }
    await audit.durable();
    return true;
  } catch (error) {
    guard.log.fatal({ ref: call.ref, err: error }, "the audit log cannot be written; calls are refused");
    return false;
  }
}

function toUnavailable(stopped: CallError): CallError {
  return new CallError("unavailable", "The audit log cannot be written, so the call was refused.", { cause: stopped });
}

/** A refusal is news; an internal error is a fault of ours and carries its cause. */
function tellOperator(guard: Guard, call: CallState, step: string, error: CallError): void {
  const fields = {
    ref: call.ref,
    code: error.code,
    step,
    method: call.request.method,
    tool: call.tool?.name,
    detail: error.detail,
  };
  if (error.code === "internal" || error.code === "unavailable") {
    guard.log.error({ ...fields, err: error.cause }, "call failed");
  } else {
    guard.log.info(fields, "call refused");
  }
}
