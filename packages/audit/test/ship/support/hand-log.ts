import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { segmentName } from "../../../src/folder/segment.ts";
import { GENESIS } from "../../../src/record/leaf.ts";
import { recordLine } from "../../../src/record/record.ts";
import { intent } from "../../support.ts";

/** A log that a test rotates and prunes when it likes. */
export interface HandLog {
  readonly id: string;
  readonly lines: string[];
  append(count: number): void;
  /** Begins a segment with the next record. */
  rotate(): void;
  /** Deletes all segments but the last. */
  prune(): void;
  /** Half a line, as a writer that is being interrupted leaves it. */
  tear(): () => void;
}

export function handLog(dir: string, id = "test/AAAAAAAAAAAAAAAAAAAAAA"): HandLog {
  const lines: string[] = [];
  const segments = [segmentName(0)];
  let prev = GENESIS;
  const make = (): string => {
    const ts = new Date().toISOString();
    const line = recordLine(intent(`r${lines.length}`), { log: id, seq: lines.length, ts, mono: 1, prev }, 32_768);
    prev = line.hash;
    lines.push(line.text.trimEnd());
    return line.text;
  };
  const write = (text: string): void => appendFileSync(join(dir, segments.at(-1) ?? ""), text, { mode: 0o600 });
  return {
    id,
    lines,
    append: (count) => write(Array.from({ length: count }, make).join("")),
    rotate: () => {
      segments.push(segmentName(lines.length));
    },
    prune: () => {
      for (const old of segments.splice(0, segments.length - 1)) rmSync(join(dir, old));
    },
    tear: () => {
      const text = make();
      write(text.slice(0, 100));
      return () => write(text.slice(100));
    },
  };
}
