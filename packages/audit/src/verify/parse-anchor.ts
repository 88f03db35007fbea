import { AuditError } from "../errors.ts";
import type { Anchor } from "./report.ts";

/**
 * Parses `SEQ:HASH` as `audit verify` prints it.
 *
 * @throws {AuditError} `invalid`
 */
export function parseAnchor(text: string): Anchor {
  const match = /^(\d{1,15}):([\w-]{43})$/.exec(text);
  if (!match) throw new AuditError("invalid", "an anchor is SEQ:HASH, as printed by audit verify");
  return { seq: Number(match[1]), hash: match[2] ?? "" };
}
