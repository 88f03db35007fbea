import { readFileSync } from "node:fs";

/** Linux on every platform that Node 24 is built for, but for arm64 with larger pages, where this reads low and other limits hold. */
const PAGE_BYTES = 4096;

/** Memory a process holds, in bytes; 0 where the system does not tell (no /proc, or the process has gone). */
export function residentBytes(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
