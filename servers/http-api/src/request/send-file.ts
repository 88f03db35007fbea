import { fstat, read, type Stats } from "node:fs";
import { promisify } from "node:util";
import { type OpenFile, PathError } from "@hardened-mcp/safe-path";
import { CallError } from "@hardened-mcp/server";

const CHUNK_BYTES = 64 * 1024;
const stat = promisify(fstat);
const readInto = promisify(read);

/** Whether a later look sees the file that was found, unchanged. */
export function sameFile(found: Stats): (now: Stats) => boolean {
  return (now) =>
    now.dev === found.dev &&
    now.ino === found.ino &&
    now.size === found.size &&
    now.mtimeMs === found.mtimeMs &&
    // Set by the kernel alone: a writer can put the modification time back, not this one.
    now.ctimeMs === found.ctimeMs;
}

/**
 * The bytes of a file, exactly `length` of them.
 *
 * The last piece is held back until the file is seen to be unchanged: a body that mixes two states, or that grew past what was
 * checked, must not arrive whole.
 *
 * @throws {CallError} `conflict` the file is another one, or has changed
 */
export async function* sendFile(
  open: () => OpenFile,
  same: (now: Stats) => boolean,
  length: number,
): AsyncGenerator<Uint8Array> {
  using file = reopened(open);
  if (!same(file.stat)) throw changed();
  let sent = 0;
  while (sent < length) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, length - sent));
    const { bytesRead } = await readInto(file.fd, chunk, 0, chunk.length, sent);
    if (bytesRead === 0) throw changed();
    sent += bytesRead;
    if (sent === length && !same(await stat(file.fd))) throw changed();
    yield chunk.subarray(0, bytesRead);
  }
}

function reopened(open: () => OpenFile): OpenFile {
  try {
    return open();
  } catch (error) {
    throw error instanceof PathError ? changed(error) : error;
  }
}

function changed(cause?: unknown): CallError {
  return new CallError("conflict", "A file changed before it was sent. Nothing of it was accepted.", {
    cause,
    rule: "request/file_changed",
  });
}
