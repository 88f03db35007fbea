import { EFFECTS, type Effect, isMilder } from "@hardened-mcp/policy/effect";

// What a tool does is declared once; registration, annotations, the approval rule, the rate class and the durability of
// the audit record are derived from it here and nowhere else.
export { EFFECTS, type Effect, isMilder };

/** MCP tool annotations; hints for clients that no check of ours ever reads (spec: server/tools, ToolAnnotations). */
export interface EffectAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** The consequences of one declared effect. */
export interface EffectRule {
  readonly annotations: EffectAnnotations;
  /** Registered without being enabled by name. Only `read` is. */
  readonly registeredByDefault: boolean;
  /** The default policy asks for a human's yes before it runs. */
  readonly approvalByDefault: boolean;
  /** The intent record is on disk before the handler starts; a read has nothing to undo, so its record may travel with the outcome. */
  readonly intentDurableFirst: boolean;
  /** Calls per minute and principal when neither the tool nor the server says otherwise. */
  readonly callsPerMinute: number;
}

export const EFFECT_RULES: Readonly<Record<Effect, EffectRule>> = {
  read: {
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    registeredByDefault: true,
    approvalByDefault: false,
    intentDurableFirst: false,
    callsPerMinute: 600,
  },
  write: {
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    registeredByDefault: false,
    approvalByDefault: false,
    intentDurableFirst: true,
    callsPerMinute: 60,
  },
  destroy: {
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    registeredByDefault: false,
    approvalByDefault: true,
    intentDurableFirst: true,
    callsPerMinute: 20,
  },
  external: {
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    registeredByDefault: false,
    approvalByDefault: true,
    intentDurableFirst: true,
    callsPerMinute: 20,
  },
};
