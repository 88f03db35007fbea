import { join } from "node:path";
import { listSegments } from "../../folder/segment.ts";
import { listSlots } from "../../folder/slots.ts";

/** The logs of a folder: its own, and those in `0`, `1`, ... One that cannot be read is one: its lanes then say so. */
export function findLogs(dir: string): string[] {
  let slots: number[];
  try {
    slots = listSlots(dir);
  } catch (error) {
    // Not made yet is no failure.
    return isMissing(error) ? [] : [dir];
  }
  const subLogs = slots.map((slot) => join(dir, String(slot)));
  return [dir, ...subLogs].filter(isLog);
}

function isLog(dir: string): boolean {
  try {
    return listSegments(dir).length > 0;
  } catch (error) {
    return !isMissing(error);
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
