import type { Principal } from "@hardened-mcp/auth/principal";
import type { PolicyTarget } from "@hardened-mcp/policy";

/** One call that a policy wants a human to agree to. */
export interface ApprovalRequest {
  readonly ref: string;
  readonly principal: Principal;
  readonly target: PolicyTarget;
  /** Hash of the tool's definition: a yes to one definition is no yes to another. */
  readonly definition: string;
  /** The parsed arguments, exactly those the handler would receive. */
  readonly args: unknown;
  /** Aborts when the client goes away or the wait is over: nobody is left to be told the answer. */
  readonly signal: AbortSignal;
}

/** A human's answer, with the evidence to put on record. */
export interface ApprovalAnswer {
  readonly approved: boolean;
  /** Who or what answered, for the audit record. */
  readonly rule: string;
}

/** Has a human agreed? A client, a model or an argument can never answer for one. */
export interface Approver {
  ask(request: ApprovalRequest): Promise<ApprovalAnswer>;
}

/** Nobody can be asked, so nothing is agreed to. */
export const noApprover: Approver = {
  ask: async () => ({ approved: false, rule: "default/no-approver" }),
};
