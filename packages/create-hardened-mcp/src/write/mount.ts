import { closeSync, constants, lstatSync, openSync, readFileSync } from "node:fs";

/** Linux: names a file without opening it, so that no device and no pipe hears of it. Node does not name it. */
const O_PATH = 0o10000000;

/**
 * The mount that something is on. On Linux the kernel is asked for it: a folder may be bound onto another of the same disk, and nothing
 * can be moved between them.
 */
export function mountOf(path: string): string {
  if (process.platform !== "linux") return String(lstatSync(path).dev);
  const descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
  try {
    return /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1] ?? "";
  } finally {
    closeSync(descriptor);
  }
}
