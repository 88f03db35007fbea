import { closeSync } from "node:fs";
import { join } from "node:path";
import { openPlain } from "../folder/notes.ts";
import { readLines } from "../folder/read-lines.ts";
import type { Segment } from "../folder/segment.ts";

/** A record as JSON has it. Nothing in it was checked. */
export type LooseRecord = Readonly<Record<string, unknown>>;

/** One line of a log, parsed; undefined for a line that is no JSON object. */
export interface LooseLine {
  readonly record: LooseRecord | undefined;
  readonly bytes: number;
}

/** The lines of segments in order, in constant memory. What is not a whole line yet is left out. */
export function* readRecords(dir: string, segments: readonly Segment[]): Generator<LooseLine, void, void> {
  for (const { file } of segments) {
    const fd = openPlain(join(dir, file));
    if (fd === undefined) continue;
    try {
      for (const { kind, buffer, start, end } of readLines(fd)) {
        if (kind === "tail") continue;
        const text = kind === "line" ? buffer.toString("latin1", start, end) : "";
        yield { record: parse(text), bytes: end - start + 1 };
      }
    } finally {
      closeSync(fd);
    }
  }
}

function parse(text: string): LooseRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as LooseRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** A member that is an object; an empty one otherwise. */
export function part(record: LooseRecord, name: string): LooseRecord {
  const value = record[name];
  return typeof value === "object" && value !== null ? (value as LooseRecord) : {};
}

export function text(record: LooseRecord, name: string): string | undefined {
  const value = record[name];
  return typeof value === "string" ? value : undefined;
}
