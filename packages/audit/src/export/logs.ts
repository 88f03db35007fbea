import { join } from "node:path";
import { AuditError } from "../errors.ts";
import { listSegments } from "../folder/segment.ts";
import { listSlots } from "../folder/slots.ts";

/**
 * The logs of a folder: itself, where segments stand in it, and its sub-logs `0`, `1`, ... Empty when there is none yet.
 *
 * @throws {AuditError} `unreadable`: this user may not, or it is no folder. `damaged`: a sub-log is missing though a later
 *   one exists
 */
export function listLogs(dir: string): readonly string[] {
  try {
    const slots = listSlots(dir);
    // One is made only when all before it exist.
    const gap = slots.findIndex((slot, index) => slot !== index);
    if (gap !== -1)
      throw new AuditError("damaged", `${join(dir, String(gap))} is missing though a later sub-log exists`);
    const own = listSegments(dir).length > 0 ? [dir] : [];
    return [...own, ...slots.map((slot) => join(dir, String(slot)))];
  } catch (error) {
    if (error instanceof AuditError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    throw new AuditError("unreadable", `${dir} cannot be read (${code ?? "unknown error"})`, { cause: error });
  }
}
