import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** One entry of a tarball. */
export interface Entry {
  /** From the package's root: without the leading `package/`. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly content: Buffer;
}

const BLOCK = 512;

/**
 * Every entry of a package's tarball, as an installer would find it.
 *
 * Written here and not left to a library, because a library skips what it does not know, and what is skipped is not checked.
 *
 * @throws {Error} an entry is no plain file (a link, a device, a long name), leaves `package/`, or comes twice
 */
export function readTarball(file: string): readonly Entry[] {
  const tar = gunzipSync(readFileSync(file));
  const entries = new Map<string, Entry>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const field = (from: number, length: number): string =>
      tar.toString("utf8", at + from, at + from + length).replace(/\0.*$/s, "");
    const prefix = field(345, 155);
    const full = prefix === "" ? field(0, 100) : `${prefix}/${field(0, 100)}`;
    const kind = field(156, 1);
    const size = Number.parseInt(field(124, 12), 8);
    if (!["", "0"].includes(kind)) throw new Error(`${file}: ${full} is no plain file but of type ${kind}`);
    if (!/^package\/(?!.*(^|\/)\.{1,2}(\/|$))[^\\]+$/.test(full))
      throw new Error(`${file}: ${full} leaves the package`);
    const path = full.slice("package/".length);
    if (entries.has(path)) throw new Error(`${file}: ${path} is there twice`);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    entries.set(path, { path, mode: Number.parseInt(field(100, 8), 8) & 0o7777, content });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return [...entries.values()];
}
