import { join } from "node:path";
import { listSegments } from "../folder/segment.ts";
import { listSlots } from "../folder/slots.ts";

/**
 * The folders that hold a log each: `dir` itself, or the sub-logs in it.
 *
 * @throws what the system throws when `dir` cannot be read
 */
export function listLogs(dir: string): string[] {
  const below = listSlots(dir).map((slot) => join(dir, String(slot)));
  return listSegments(dir).length > 0 ? [dir, ...below] : below;
}
