import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** CVE-2025-53110: a prefix without its separator. */
export function naivePrefixRead(root: string, absolute: string): string {
  if (!absolute.startsWith(root)) throw new Error("refused");
  return readFileSync(absolute, "utf8");
}

/** The usual fix, and what most servers do: right when nobody else is running. */
export function naiveRealpathRead(root: string, relative: string): string {
  const real = realpathSync(join(root, relative));
  if (!real.startsWith(`${root}/`)) throw new Error("refused");
  return readFileSync(join(root, relative), "utf8");
}
