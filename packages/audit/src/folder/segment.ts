import { closeSync, constants, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "../errors.ts";
import { refuseForeignFile, syncFolder } from "./folder.ts";

/** One file of a log, named after the sequence number it starts with. */
export interface Segment {
  readonly file: string;
  readonly firstSeq: number;
}

const NAME = /^audit-(\d{20})\.jsonl$/;

export function segmentName(firstSeq: number): string {
  return `audit-${String(firstSeq).padStart(20, "0")}.jsonl`;
}

/** The segments of a folder, oldest first: fixed width makes names sort like numbers. */
export function listSegments(dir: string): Segment[] {
  return readdirSync(dir)
    .filter((name) => NAME.test(name))
    .sort()
    .map((file) => ({ file, firstSeq: Number(NAME.exec(file)?.[1]) }));
}

/** A segment open for reading and appending, and its size when it was opened. */
export interface OpenSegment {
  readonly fd: number;
  readonly size: number;
  readonly path: string;
}

/**
 * Opens the newest segment, or makes the first one, 0600, never through a link.
 *
 * @throws {AuditError} `insecure`, `unavailable`
 */
export function openSegment(dir: string, segment: Segment | undefined): OpenSegment {
  const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;
  const path = join(dir, segment?.file ?? segmentName(0));
  let fd: number;
  try {
    // O_NONBLOCK: a FIFO put in the segment's place must not hang the start.
    const creating = segment ? 0 : O_CREAT | O_EXCL;
    fd = openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | creating, 0o600);
  } catch (error) {
    const link = (error as NodeJS.ErrnoException).code === "ELOOP";
    throw new AuditError(link ? "insecure" : "unavailable", `cannot open ${path}`, { cause: error });
  }
  try {
    const { size } = refuseForeignFile(path, fd);
    if (!segment) syncFolder(dir);
    return { fd, size, path };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
