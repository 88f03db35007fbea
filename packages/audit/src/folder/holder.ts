import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

/** Who holds a lock. A pid alone is reused; with the start time and the boot id it names one process for ever. */
export interface Holder {
  readonly pid: number;
  /** Clock ticks from boot to the process's start; "" where /proc is missing. */
  readonly start: string;
  /** Boot id of the kernel; "" where /proc is missing. */
  readonly boot: string;
  /** Random, so that two locks of one process differ. */
  readonly nonce: string;
}

export function thisProcess(): Holder {
  return {
    pid: process.pid,
    start: startTime("self") ?? "",
    boot: bootId(),
    nonce: randomBytes(9).toString("base64url"),
  };
}

/** Reads a lock's content; undefined when it is none of ours (a crash before the last boot can leave it empty). */
export function parseHolder(text: string): Holder | undefined {
  const match = /^(\d{1,10}) (\d*) ([0-9a-f-]*) ([\w-]{12})\n$/.exec(text);
  if (!match) return undefined;
  const [, pid = "", start = "", boot = "", nonce = ""] = match;
  return { pid: Number(pid), start, boot, nonce };
}

export function formatHolder(h: Holder): string {
  return `${h.pid} ${h.start} ${h.boot} ${h.nonce}\n`;
}

/** Whether it was taken in this process, by whatever part of it. */
export function isThisProcess({ pid, start, boot }: Holder): boolean {
  return pid === process.pid && start === (startTime("self") ?? "") && boot === bootId();
}

/** Whether the process that took the lock can be seen to run: not from another container or machine. */
export function isAlive(h: Holder): boolean {
  if (h.boot !== bootId()) return false;
  if (h.start !== "") return startTime(String(h.pid)) === h.start;
  try {
    process.kill(h.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** Field 22 of /proc/PID/stat; undefined for no process, or for a zombie, which holds nothing any more. */
function startTime(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in field 2 is chosen by the process and may hold spaces and brackets: count from its last bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
