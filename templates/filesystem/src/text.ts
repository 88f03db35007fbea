import { isUtf8 } from "node:buffer";
import { fsyncSync, readSync, writeFileSync } from "node:fs";
import { PathError } from "@hardened-mcp/safe-path";
import { CallError } from "@hardened-mcp/server";
import type { Place } from "./folders.ts";

// Nothing here waits: what is read and written is bounded by maxBytes, and no FIFO or device is ever opened.

const notText = () => new CallError("invalid_input", "This is not UTF-8 text without NUL.");

/** @throws {CallError} it is no text. {PathError} `too_large`, and see `Root.openFile` */
export function readText({ root, path }: Place, maxBytes: number): string {
  using file = root.openFile(path, { maxBytes });
  // The size at the time of opening: a file that grows meanwhile gains nothing.
  const bytes = Buffer.alloc(file.stat.size);
  let filled = 0;
  for (let count = -1; count !== 0 && filled < bytes.length; filled += count) {
    count = readSync(file.fd, bytes, filled, bytes.length - filled, filled);
  }
  const read = bytes.subarray(0, filled);
  if (!isUtf8(read) || read.includes(0)) throw notText();
  return read.toString("utf8");
}

/**
 * Creates a file that was not there; the kernel decides that, so of two at once one wins. Once this returns, it is on disk.
 *
 * @returns bytes written
 * @throws {CallError} the text is one that {@link readText} would refuse. {PathError} `exists`, `too_large`, and see `Root.createFile`
 */
export function createText({ root, path }: Place, text: string, maxBytes: number): number {
  if (!text.isWellFormed() || text.includes("\0")) throw notText();
  const bytes = Buffer.from(text);
  if (bytes.length > maxBytes) throw new PathError("too_large");
  using file = root.createFile(path);
  try {
    writeFileSync(file.fd, bytes);
    fsyncSync(file.fd);
  } catch (error) {
    // The disk is full: half a file must not look like one.
    root.remove(path);
    throw new PathError("io", error);
  }
  return bytes.length;
}
