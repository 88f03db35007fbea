import type { AuditTool } from "@hardened-mcp/audit";
import { CallError, toCallError } from "../errors/call-error.ts";
import { ERRORS, type ErrorCode } from "../errors/table.ts";
import { quietly } from "../log/quietly.ts";
import type { Answer } from "./answer.ts";
import type { Guard } from "./guard.ts";
import { sizeOfArgs, validatedArgs } from "./recorded-args.ts";
import type { CallRequest } from "./request.ts";
import type { CallState, Step } from "./state.ts";
import { recordHead, WITHHELD } from "./steps/record.ts";

/**
 * The one door. Every refusal and every failure leaves here: put on record, written to the operator's log with all that
 * is known, and answered with nothing but a public code, its text and a reference.
 */
export async function leaveByTheDoor(guard: Guard, call: CallState, thrown: unknown): Promise<Answer> {
  const stopped = toCallError(thrown);
  const stoppedAt = call.step;
  const error = (await isRecorded(guard, call, stopped)) ? stopped : toUnavailable(call, stopped);
  tellOperator(guard, call, stoppedAt, error);
  guard.metrics.called(call.tool?.name ?? "unknown", error.code, performance.now() - call.startedAt);
  return {
    ok: false,
    error: {
      code: error.code,
      message: error.message,
      ref: call.ref,
      retryable: ERRORS[error.code].retryable && !mayHaveActed(call, stoppedAt, error),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    },
    unknown: stoppedAt === "find",
    rpc: ERRORS[error.code].rpc,
    ...(error.missingScopes === undefined ? {} : { missingScopes: error.missingScopes }),
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
        detail: { step: call.step, rule: stopped.rule },
      });
    } else {
      // Whoever reviews a refusal wants to see what was refused.
      const args = validatedArgs(audit, call);
      audit.write({
        type: "call.refused",
        ...recordHead(call),
        tool: call.tool ?? unknownTool(call.request),
        args,
        decision: { effect: "deny", step: call.step, rule: stopped.rule, code: stopped.code },
        detail: { method: call.request.method, args_bytes: args === undefined ? sizeOfArgs(call.request) : undefined },
      });
    }
    await audit.durable();
    return true;
  } catch (error) {
    quietly(() => guard.log.fatal({ ref: call.ref, err: error }, "the audit log cannot be written; calls are refused"));
    return false;
  }
}

/** The name that was asked for; of a resource that is a URI, which may say as much as any argument. */
function unknownTool({ method, name }: CallRequest): AuditTool {
  return { name: method === "resources/read" ? method : name };
}

function toUnavailable(call: CallState, stopped: CallError): CallError {
  const message = AFTER_START.has(call.step) ? WITHHELD : "The audit log cannot be written, so the call was refused.";
  return new CallError("unavailable", message, { cause: stopped });
}

/** How a call may end without anyone knowing how far its handler came. */
const FATE_UNKNOWN: ReadonlySet<ErrorCode> = new Set(["timeout", "cancelled", "unavailable"]);
const AFTER_START: ReadonlySet<Step> = new Set(["run", "check_output", "record_outcome"]);

/** Whether a retry could do a second time what a client does not know was done. */
function mayHaveActed(call: CallState, stoppedAt: Step, error: CallError): boolean {
  if (call.tool === undefined || call.tool.effect === "read" || !AFTER_START.has(stoppedAt)) return false;
  // An entry of the tool's own catalogue is the author's word, and stands.
  return FATE_UNKNOWN.has(error.code) && error.cause !== undefined;
}

/** A refusal is news; an internal error is a fault of ours and carries its cause. */
function tellOperator(guard: Guard, call: CallState, step: string, error: CallError): void {
  const fields = {
    ref: call.ref,
    code: error.code,
    step,
    method: call.request.method,
    tool: call.tool?.name,
    rule: error.rule,
    detail: error.detail,
  };
  const isOurs = error.code === "internal" || error.code === "unavailable";
  const told = quietly(() => {
    if (isOurs) guard.log.error({ ...fields, err: error.cause }, "call failed");
    else guard.log.info(fields, "call refused");
  });
  // What was thrown breaks whoever looks at it, such as a getter that throws. It may cost us its text, never the door.
  if (!told) quietly(() => guard.log.error(fields, "call failed; what was thrown cannot be read"));
}
