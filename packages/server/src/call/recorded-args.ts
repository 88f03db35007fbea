import type { AuditArgs } from "@hardened-mcp/audit";
import type { Operation } from "../operation.ts";
import type { AuditSink } from "./guard.ts";
import type { CallState } from "./state.ts";

/** What records show of a call's arguments: what its definition allows. Made once for all records of a call. */
export function recordedArgs(audit: AuditSink, call: CallState, operation: Operation, args: unknown): AuditArgs {
  const { recorded, argsRules } = operation;
  call.recorded ??= audit.digest(recorded === undefined ? args : recorded(args), argsRules);
  return call.recorded;
}

/** {@link recordedArgs} of a call that ends early: `undefined` for what was never validated, and so may be anything. */
export function validatedArgs(audit: AuditSink, call: CallState): AuditArgs | undefined {
  return call.operation === undefined ? undefined : recordedArgs(audit, call, call.operation, call.args);
}

/** Bytes that a caller sent as arguments. For refusals alone: it costs what parsing them did. */
export function sizeOfArgs({ method, name, args }: CallState["request"]): number {
  if (method === "resources/read") return Buffer.byteLength(name);
  return args === undefined ? 0 : Buffer.byteLength(JSON.stringify(args));
}
