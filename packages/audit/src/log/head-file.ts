import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { UnfinishedCall } from "../audit-log.ts";
import { openPlain } from "../folder/notes.ts";
import { replaceFile } from "../folder/replace-file.ts";
import type { Hash } from "../tree/node-hash.ts";

/** Where a log stood when a checkpoint was made: all that a start needs to go on from there. */
export interface LogHead {
  readonly log: string;
  /** Records so far. */
  readonly size: number;
  /** Edge of the tree over them. */
  readonly nodes: readonly Hash[];
  /** First number of the segment that was written to, and its bytes so far. */
  readonly segment: number;
  readonly offset: number;
  /** Calls under way. */
  readonly open: readonly UnfinishedCall[];
}

const FILE = "head.json";
const MAX_BYTES = 16 * 1024 * 1024;

/** A hint that saves a start the reading of a segment. Not synced: what is lost is read from the segment instead. */
export function writeHead(dir: string, head: LogHead): void {
  replaceFile(join(dir, FILE), `${JSON.stringify({ v: 1, ...head })}\n`);
}

/** @returns undefined for none, or one that is not as we write it. Nothing in it may be believed unchecked. */
export function readHead(dir: string): LogHead | undefined {
  let fd: number | undefined;
  try {
    fd = openPlain(join(dir, FILE));
    if (fd === undefined) return undefined;
    const text = readFileSync(fd, "utf8");
    return text.length > MAX_BYTES ? undefined : parse(JSON.parse(text));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function parse(value: Partial<Record<keyof LogHead | "v", unknown>>): LogHead | undefined {
  const { v, log, size, nodes, segment, offset, open } = value;
  const numbers = [size, segment, offset];
  if (v !== 1 || typeof log !== "string" || !numbers.every((one) => Number.isSafeInteger(one) && Number(one) >= 0)) {
    return undefined;
  }
  if (!Array.isArray(nodes) || !nodes.every((node) => typeof node === "string" && /^[\w-]{43}$/.test(node))) {
    return undefined;
  }
  if (!Array.isArray(open) || !open.every(isCall)) return undefined;
  return { log, size: Number(size), nodes, segment: Number(segment), offset: Number(offset), open };
}

function isCall(value: unknown): value is UnfinishedCall {
  if (typeof value !== "object" || value === null) return false;
  const { seq, ref, tool } = value as Partial<Record<keyof UnfinishedCall, unknown>>;
  return Number.isSafeInteger(seq) && typeof ref === "string" && (tool === undefined || isTool(tool));
}

function isTool(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { name, def, effect } = value as Partial<Record<"name" | "def" | "effect", unknown>>;
  return typeof name === "string" && [def, effect].every((one) => one === undefined || typeof one === "string");
}
