import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "../errors.ts";
import { appendNote } from "../folder/append-note.ts";
import { lineAt } from "../folder/line-at.ts";
import { checkpointsName, type Segment } from "../folder/segment.ts";
import { checkpointText } from "../note/checkpoint.ts";
import { signatureLine } from "../note/note.ts";
import { signatureBy } from "../signer/signature-by.ts";
import type { Signer } from "../signer/signer.ts";
import { parseEdge } from "./edge.ts";
import { parseRecord } from "./whole-record.ts";

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
 * Signs the end of a segment that was followed by another before a crash, or a signer that was away, let it be signed. The
 * root stands in the next segment's first record, and recovery has just computed the same from the records.
 *
 * @throws {AuditError} `damaged`, `unavailable`
 */
export async function signEndOfSegment(dir: string, { segment, next }: UnsignedEnd, signer: Signer): Promise<void> {
  const path = join(dir, next.file);
  const fd = openSync(path, "r");
  const first = parseRecord(lineAt(fd, 0));
  closeSync(fd);
  const edge = parseEdge(first?.detail);
  if (first === undefined || edge?.size !== next.firstSeq) {
    throw new AuditError("damaged", `${path} does not begin with the edge of the tree before it`);
  }
  const text = checkpointText({ origin: first.log, size: edge.size, root: edge.root() });
  const note = `${text}\n${signatureLine(signer.key, await signatureBy(signer, Buffer.from(text)))}`;
  await appendNote(join(dir, checkpointsName(segment.firstSeq)), note);
}
