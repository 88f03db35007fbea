import { readdirSync } from "node:fs";
import { join } from "node:path";
import { listSegments } from "../folder/segment.ts";

/** The sub-logs of a shared folder, by number; empty when there are none, or no folder. */
export function listSlots(dir: string): number[] {
  try {
    return readdirSync(dir)
      .filter((name) => /^(0|[1-9]\d?)$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/**
 * The folders that hold a log each: `dir` itself, or the sub-logs in it.
 *
 * @throws what the system throws when `dir` cannot be read
 */
export function listLogs(dir: string): string[] {
  const below = listSlots(dir).map((slot) => join(dir, String(slot)));
  return listSegments(dir).length > 0 ? [dir, ...below] : below;
}
