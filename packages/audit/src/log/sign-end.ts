import { join } from "node:path";
import { appendNote } from "../folder/append-note.ts";
import { checkpointsName, type Segment } from "../folder/segment.ts";
import { type Checkpoint, checkpointText } from "../note/checkpoint.ts";
import { signatureLine } from "../note/note.ts";
import { signatureBy } from "../signer/signature-by.ts";
import type { Signer } from "../signer/signer.ts";

/** A segment that another follows, and whose end nobody has signed. */
export interface UnsignedEnd {
  readonly segment: Segment;
  readonly next: Segment;
}

/** @param signed size of the newest checkpoint */
export function unsignedEnds(segments: readonly Segment[], signed: number): UnsignedEnd[] {
  return segments.flatMap((segment, i) => {
    const next = segments[i + 1];
    return next === undefined || next.firstSeq <= signed ? [] : { segment, next };
  });
}

/**
 * Signs the end of a segment that was followed by another before a crash, or a signer that was away, let it be signed.
 *
 * @param end what recovery has just computed from the records
 * @throws {AuditError} `unavailable`
 */
export async function signEndOfSegment(dir: string, segment: Segment, end: Checkpoint, signer: Signer): Promise<void> {
  const text = checkpointText(end);
  const note = `${text}\n${signatureLine(signer.key, await signatureBy(signer, Buffer.from(text)))}`;
  await appendNote(join(dir, checkpointsName(segment.firstSeq)), note);
}
