import { randomFillSync } from "node:crypto";
import type { AuditActor, AuditArgs, AuditEvent } from "@hardened-mcp/audit";
import type { Operation } from "../operation.ts";
import type { CallRequest } from "./request.ts";

/** The steps of the call path, in order. The names stand in audit records. */
export type Step =
  | "authenticate"
  | "find"
  | "admit"
  | "validate"
  | "classify"
  | "authorize"
  | "approve"
  | "record_intent"
  | "run"
  | "check_output"
  | "record_outcome";

/** One call on its way. Holds what the one door needs when a step stops it; results travel as plain values. */
export interface CallState {
  readonly ref: string;
  readonly request: CallRequest;
  /** `performance.now()` at entry. */
  readonly startedAt: number;
  readonly trace: string | undefined;
  /** The step being walked. */
  step: Step;
  actor: AuditActor | undefined;
  /** Shared state is away: this call may read and nothing else. */
  degraded: boolean;
  /** Set once the intent is on record: from then on the end is an outcome, no longer a refusal. */
  intended: boolean;
  /** Tool facts for the record, once the operation is found. */
  tool: Extract<AuditEvent, { type: "call.intent" }>["tool"] | undefined;
  /** What is called, and with which parsed arguments; set once these are validated. */
  operation: Operation | undefined;
  args: unknown;
  /** What records show of the arguments, once one has shown it. */
  recorded: AuditArgs | undefined;
  /** Milliseconds until the call was admitted: for shared state, and for a place among the running ones. */
  waitedMs: number;
}

export function beginCall(request: CallRequest): CallState {
  return {
    ref: newReference(),
    request,
    startedAt: performance.now(),
    trace: traceId(request.traceparent),
    step: "authenticate",
    actor: undefined,
    degraded: false,
    intended: false,
    tool: undefined,
    operation: undefined,
    args: undefined,
    recorded: undefined,
    waitedMs: 0,
  };
}

const POOL = Buffer.alloc(12 * 256);
let used = POOL.length;

/** 96 random bits: a reference tells nothing and cannot be guessed. Drawn from a pool, since a draw costs a system call. */
export function newReference(): string {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  used += 12;
  return POOL.toString("base64url", used - 12, used);
}

/** W3C Trace Context, section 3.2: version, trace id, parent id, flags. Anything else is a client's free text. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

function traceId(traceparent: unknown): string | undefined {
  return typeof traceparent === "string" ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
}
