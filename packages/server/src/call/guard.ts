import type { AuditLog, AuditTool, ToolChanged } from "@hardened-mcp/audit";
import type { Principal } from "@hardened-mcp/auth/principal";
import type { Policy } from "@hardened-mcp/policy";
import type { Redactor } from "@hardened-mcp/redact";
import type { Logger } from "pino";
import type { Approver } from "../approval.ts";
import type { Metrics } from "../metrics.ts";
import type { Operation } from "../operation.ts";
import type { Freshness } from "./freshness.ts";
import type { InFlight } from "./in-flight.ts";
import type { Charge, Rates } from "./rates.ts";
import type { CallRequest } from "./request.ts";

/** What the call path writes its records to. `AuditLog` is one; a bench may bring another. */
export interface AuditSink extends Pick<AuditLog, "write" | "durable" | "digest"> {
  /** Which tools are not what they were at the last start of this log; those that are `off` are not gone. Asked once, at the start. */
  drift?(tools: readonly AuditTool[], off: readonly string[]): readonly ToolChanged[];
  /** What was found of an earlier run: calls whose fate nobody knows, by reference. */
  readonly recovered?: {
    readonly unfinished: readonly {
      readonly seq: number;
      readonly ref: string;
      readonly tool?: AuditTool | undefined;
    }[];
  };
}

/** An operation, with the variables that a resource template bound. */
export interface Found {
  readonly operation: Operation;
  readonly args: unknown;
}

/** Everything that can be called, found by method and name. Backed by Maps: a tool named `__proto__` is just not there. */
export interface Catalogue {
  find(request: CallRequest): Found | undefined;
  /** The nearest name the caller may see. */
  suggest(request: CallRequest, visible: (operation: Operation) => boolean): string | undefined;
}

/** What the call path stands on. */
export interface Guard {
  readonly catalogue: Catalogue;
  readonly policy: Policy;
  /** For how long the policy goes on with what it last knew. */
  readonly freshness: Freshness;
  readonly rates: Rates;
  /** What a call of an unknown name costs. */
  readonly unknownCharges: readonly Charge[];
  readonly approver: Approver;
  /** Milliseconds a call waits for a human's answer, holding its place. */
  readonly approvalWaitMs: number;
  readonly audit: AuditSink;
  readonly redactor: Redactor;
  readonly markUntrusted: boolean;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly inFlight: InFlight;
}

/**
 * Whether `principal` may know that `operation` exists: where it may do any of what a call can turn out to be. Only a plain
 * `true` is a yes: a promise is always truthy.
 */
export function isVisible(policy: Policy, principal: Principal, operation: Operation): boolean {
  const forms = operation.byEffect === undefined ? [operation] : [...operation.byEffect.values()];
  return forms.some(({ target }) => policy.visible(principal, target) === true);
}
