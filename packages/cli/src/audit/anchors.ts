import { type Anchor, type AnchorNote, AuditError, parseAnchor, readAnchorNotes } from "@hardened-mcp/audit";
import { exit, Failure, UsageError } from "../exit.ts";

/**
 * Anchors as they are given: `SEQ:HASH`, or a file of checkpoints kept elsewhere.
 *
 * @throws {UsageError} it looks like `SEQ:HASH` and is none
 * @throws {Failure} 78: a file that cannot be read, or holds no checkpoint
 */
export function readAnchors(values: readonly string[]): (Anchor | AnchorNote)[] {
  return values.flatMap((value): readonly (Anchor | AnchorNote)[] => (isHead(value) ? [head(value)] : notes(value)));
}

/** @throws {Failure} 78 */
export function notes(path: string): AnchorNote[] {
  try {
    return readAnchorNotes(path);
  } catch (error) {
    if (error instanceof AuditError) throw new Failure(exit.configuration, error.message, { cause: error });
    throw error;
  }
}

function isHead(value: string): boolean {
  return value === "" || /^\d*:/.test(value);
}

function head(value: string): Anchor {
  try {
    return parseAnchor(value);
  } catch (error) {
    if (error instanceof AuditError) throw new UsageError(error.message);
    throw error;
  }
}
