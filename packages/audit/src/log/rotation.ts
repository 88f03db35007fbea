import type { LogEvent } from "../event.ts";
import type { Hash } from "../tree/node-hash.ts";

/** What both keys sign when one follows the other. */
export interface KeyRotation {
  readonly log: string;
  /** Records so far: the number of the record that announces the change. */
  readonly size: number;
  readonly root: Hash;
  /** Public keys, `NAME+ID+KEY`. */
  readonly old: string;
  readonly next: string;
}

/** The text of the signatures; docs/audit/format.md, "Change of key". */
export function rotationText({ log, size, root, old, next }: KeyRotation): string {
  const standard = Buffer.from(root, "base64url").toString("base64");
  return `hardened-mcp audit key rotation\n${log}\n${size}\n${standard}\n${old}\n${next}\n`;
}

export function rotationEvent(
  change: KeyRotation,
  signatures: { readonly old: Buffer; readonly next: Buffer },
): LogEvent {
  return {
    type: "log.key_rotated",
    detail: {
      old: change.old,
      new: change.next,
      size: change.size,
      root: change.root,
      old_signature: signatures.old.toString("base64"),
      new_signature: signatures.next.toString("base64"),
    },
  };
}
