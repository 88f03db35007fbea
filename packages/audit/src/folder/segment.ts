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
const CHECKPOINTS = /^checkpoints-(\d{20})\.txt$/;

export function segmentName(firstSeq: number): string {
  return `audit-${twentyDigits(firstSeq)}.jsonl`;
}

/** Name of the file with the checkpoints of a segment. */
export function checkpointsName(firstSeq: number): string {
  return `checkpoints-${twentyDigits(firstSeq)}.txt`;
}

function twentyDigits(seq: number): string {
  return String(seq).padStart(20, "0");
}

/** The segments of a folder, oldest first: fixed width makes names sort like numbers. */
export function listSegments(dir: string): Segment[] {
  return readdirSync(dir)
    .filter((name) => NAME.test(name))
    .sort()
    .map((file) => ({ file, firstSeq: Number(NAME.exec(file)?.[1]) }));
}

/** First numbers of the segments that checkpoints are there for, oldest first. */
export function listCheckpoints(dir: string): number[] {
  return readdirSync(dir)
    .flatMap((name) => CHECKPOINTS.exec(name)?.[1] ?? [])
    .sort()
    .map(Number);
}

/** A segment open for reading and appending, and its size when it was opened. */
export interface OpenSegment {
  readonly fd: number;
  readonly size: number;
  readonly path: string;
}

/**
 * Opens a segment to go on in it, never through a link.
 *
 * @throws {AuditError} `insecure`, `unavailable`
 */
export function openSegment(dir: string, { file }: Segment): OpenSegment {
  return openFile(join(dir, file), 0);
}

/**
 * Makes a segment, 0600; its name is on disk when this returns.
 *
 * @throws {AuditError} `unavailable`: it cannot be made, or exists
 */
export function createSegment(dir: string, firstSeq: number): OpenSegment {
  const segment = openFile(join(dir, segmentName(firstSeq)), constants.O_CREAT | constants.O_EXCL);
  syncFolder(dir);
  return segment;
}

function openFile(path: string, creating: number): OpenSegment {
  const { O_RDWR, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number;
  try {
    // O_NONBLOCK: a FIFO put in the segment's place must not hang the start.
    fd = openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | creating, 0o600);
  } catch (error) {
    const link = (error as NodeJS.ErrnoException).code === "ELOOP";
    throw new AuditError(link ? "insecure" : "unavailable", `cannot open ${path}`, { cause: error });
  }
  try {
    const { size } = refuseForeignFile(path, fd);
    return { fd, size, path };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
