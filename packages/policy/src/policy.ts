import type { Principal } from "@hardened-mcp/auth/principal";
import type { Effect } from "./effect.ts";

/** What a policy is asked about: the operation as declared, never as a client describes it. */
export interface PolicyTarget {
  /** MCP method, such as `tools/call`. */
  readonly method: string;
  /** Tool or prompt name, resource name, or the method itself for lists. */
  readonly name: string;
  readonly effect: Effect;
  /** The scope a caller must hold; `undefined` needs none. */
  readonly scope: string | undefined;
  /** Its effect asks for a human's yes unless a policy says otherwise. */
  readonly needsApproval: boolean;
}

/** Allow, deny, or ask a human first; `rule` names what decided, for the audit record. */
export interface Decision {
  readonly effect: "allow" | "deny" | "approve";
  readonly rule: string;
  /** On a denial that these scopes would turn into a yes: all that the call needs, for one challenge. */
  readonly missingScopes?: readonly string[];
  /** On a denial: words for the client, where the default text would not tell it what to do. Never anything of an argument. */
  readonly message?: string;
}

/** May they? Asked on every call, with arguments that have already passed the schema. */
export interface Policy {
  /**
   * Brings what the policy stands on up to date before a call, where that lives outside this process. Rejects when it
   * cannot: what then happens is the caller's to say. `undefined`: it is up to date.
   */
  refresh?(): Promise<void> | undefined;
  /** Whether the caller may know the operation exists. What is not visible answers exactly like what does not exist. */
  visible(principal: Principal, target: PolicyTarget): boolean;
  /** Decides one call. Throwing, or answering anything but an allow, runs nothing. */
  decide(principal: Principal, target: PolicyTarget, args: unknown): Decision | Promise<Decision>;
}
