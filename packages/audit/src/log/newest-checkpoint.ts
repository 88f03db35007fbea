import { closeSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "../errors.ts";
import { lastNote, openPlain } from "../folder/notes.ts";
import { checkpointsName, type Segment } from "../folder/segment.ts";
import { type Checkpoint, parseCheckpoint } from "../note/checkpoint.ts";
import { checkNote, parseNote } from "../note/note.ts";
import type { VerifierKey } from "../note/verifier-key.ts";

/** A checkpoint that was found in a log's folder, and is good. */
export interface FoundCheckpoint extends Checkpoint {
  /** The segment in whose file it stands. */
  readonly segment: Segment;
  /** Who is to sign the next one: of two keys, the new one signs last. Undefined: a key that is not known. */
  readonly key: VerifierKey | undefined;
}

/**
 * The newest checkpoint of a log.
 *
 * @param keys who may have signed it
 * @throws {AuditError} `damaged`: it is no checkpoint; `wrong_key`: none of `keys` signed it
 */
export function newestCheckpoint(
  dir: string,
  segments: readonly Segment[],
  keys: readonly VerifierKey[],
): FoundCheckpoint | undefined {
  for (const segment of segments.toReversed()) {
    const path = join(dir, checkpointsName(segment.firstSeq));
    const note = lastNoteOf(path);
    if (note === undefined) continue;
    const parsed = parseNote(note);
    const checkpoint = parsed && parseCheckpoint(parsed.text);
    if (parsed === undefined || checkpoint === undefined) {
      throw new AuditError("damaged", `${path} ends in something that is no checkpoint`);
    }
    const { good, forged } = checkNote(parsed, keys);
    if (forged) throw new AuditError("damaged", `the last checkpoint of ${path} was changed: its signature is false`);
    if (good.length === 0) {
      const names = parsed.signatures.map(({ name, id }) => `${name}+${id}`).join(", ");
      throw new AuditError("wrong_key", `${path} was signed by ${names}, a key this log does not know`);
    }
    const last = parsed.signatures.at(-1);
    return { ...checkpoint, segment, key: good.find(({ name, id }) => name === last?.name && id === last.id) };
  }
  return undefined;
}

/** The last whole note of a file; undefined where there is no file or no note. */
export function lastNoteOf(path: string): string | undefined {
  const fd = openPlain(path);
  if (fd === undefined) return undefined;
  try {
    return lastNote(fd)?.note;
  } finally {
    closeSync(fd);
  }
}
