import { hash } from "node:crypto";
import { HASH_CLOSE, HASH_FIELD_BYTES, HASH_OPEN } from "./leaf.ts";

/** What a reader needs of a record. The full record is the JSON line itself. */
export interface ReadRecord {
  readonly log: string;
  readonly seq: number;
  readonly type: string;
  readonly ref: string;
  readonly prev: string;
  readonly hash: string;
}

/** A line on its own: its record, or in plain words what is wrong with it. */
export type CheckedLine = { readonly record: ReadRecord } | { readonly reason: string };

/**
 * Checks one line by itself: its hash over the exact bytes, and its shape. Never re-serialises.
 *
 * @param buffer holds the line at `[start, end)`, without line feed; the byte before `start` is OVERWRITTEN with the
 * leaf prefix 0x00, which saves a copy of every line (the caller has already consumed that byte)
 * @param start at least 1
 */
export function checkLine(buffer: Buffer, start: number, end: number): CheckedLine {
  const bodyEnd = end - HASH_FIELD_BYTES;
  if (bodyEnd <= start) return { reason: "the line is too short to be a record" };
  const suffix = buffer.toString("latin1", bodyEnd, end);
  if (!suffix.startsWith(HASH_OPEN) || !suffix.endsWith(HASH_CLOSE))
    return { reason: "the line does not end in a hash" };
  const claimed = suffix.slice(HASH_OPEN.length, -HASH_CLOSE.length);
  buffer[start - 1] = 0;
  if (hash("sha256", buffer.subarray(start - 1, bodyEnd), "base64url") !== claimed) {
    return { reason: "the content does not match its hash: the record was changed" };
  }
  return parse(buffer.toString("utf8", start, end), claimed);
}

function parse(line: string, hash: string): CheckedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { reason: "the line is not JSON" };
  }
  const r = value as Partial<Record<"v" | "log" | "seq" | "type" | "ref" | "prev" | "hash", unknown>>;
  const { log, seq, type, ref, prev } = r;
  if (r.v !== 1) return { reason: "the record has an unknown version" };
  if (typeof log !== "string" || typeof type !== "string" || typeof ref !== "string" || typeof prev !== "string") {
    return { reason: "the record lacks a field" };
  }
  if (!Number.isSafeInteger(seq) || r.hash !== hash) return { reason: "the record lacks a field" };
  return { record: { log, seq: seq as number, type, ref, prev, hash } };
}

/**
 * What stands after the last line feed. A crash leaves the beginning of a record there; more than a whole record
 * without its line feed is something no crash writes.
 *
 * @param tail starts with one spare byte
 */
export function isTornTail(tail: Buffer): boolean {
  let at = 0;
  // A record holds `,"hash":"` once, or twice with a detail of that name; text of clients cannot hold a bare quote.
  for (let tries = 0; tries < 4; tries++) {
    at = tail.indexOf(HASH_OPEN, at + 1, "latin1");
    const end = at + HASH_FIELD_BYTES;
    if (at === -1 || end >= tail.length) return true;
    if ("record" in checkLine(tail, 1, end)) return false;
  }
  return true;
}
