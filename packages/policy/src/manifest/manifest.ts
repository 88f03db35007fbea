import type { Effect } from "../effect.ts";

/** MCP methods that policies decide on; lists are always answered, with what the caller may see. */
export type ManifestMethod = "tools/call" | "prompts/get" | "resources/read";

/** What a call may turn out to be, short of what its operation declares. */
export interface MilderEffect {
  readonly effect: Effect;
  readonly needsApproval: boolean;
}

/** One thing a server can be asked to do, as its author declared it. */
export interface ManifestOperation {
  readonly method: ManifestMethod;
  /** Name of the tool, prompt or resource. */
  readonly name: string;
  readonly effect: Effect;
  /** The scope a caller must hold. */
  readonly scope: string;
  /** Asks for a human's yes unless a policy says otherwise. */
  readonly needsApproval: boolean;
  /**
   * Milder effects that a call of it may turn out to have: the server finds out what one does before it is decided, and then
   * asks with that effect. Default: a call always has the one effect.
   */
  readonly milder?: readonly MilderEffect[];
  /** JSON Schema 2020-12 of the arguments. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** What policies can speak about: a server and its operations, as plain JSON. */
export interface ServerManifest {
  /** Name of the server, such as `filesystem`. */
  readonly server: string;
  readonly operations: readonly ManifestOperation[];
}
