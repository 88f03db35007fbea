import type { Hash } from "../tree/node-hash.ts";

/** What a log says of itself at one moment (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The log's id, which is its origin. */
  readonly origin: string;
  /** Records so far: the sequence number of the next one. */
  readonly size: number;
  /** Root of the RFC 6962 tree over them. */
  readonly root: Hash;
}

/** The text that is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root, "base64url").toString("base64")}\n`;
}

/** @returns undefined for a text that is no checkpoint; extension lines are none of ours and are refused */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  if (match === null) return undefined;
  const [, origin = "", size = "", root = ""] = match;
  const bytes = Buffer.from(root, "base64");
  // Base64 has several spellings of some values; a root has one.
  if (!Number.isSafeInteger(Number(size)) || bytes.toString("base64") !== root) return undefined;
  return { origin, size: Number(size), root: bytes.toString("base64url") };
}
