import { fstatSync, writeSync } from "node:fs";
import { Writable } from "node:stream";
import type { Output } from "../command.ts";
import { exit, Failure } from "../exit.ts";

/** Whoever read the output is gone, as `head` is after ten lines. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Resolves when the text has been taken, so that a slow reader slows the reading and does not fill the memory. */
export type Write = (text: string) => Promise<void>;

const GONE: ReadonlySet<string> = new Set([
  "EPIPE",
  "ECONNRESET",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
]);

/** @throws {ReaderGone} from the writer; {@link Failure} 73: a full disk, and the like */
export function writerTo(out: Output): Write {
  if (!(out instanceof Writable)) return async (text) => void out.write(text);
  if (out === process.stdout && fstatSync(1).isFile()) return async (text) => writeAll(1, text, "standard output");
  return (text) =>
    new Promise((resolve, reject) => {
      out.write(text, (error) => (error ? reject(refusal(error, "standard output")) : resolve()));
    });
}

/**
 * Writes all of it: on a full disk, a write may take a part and say so in nothing but its count, which Node's own stream
 * to a file does not look at.
 *
 * @throws {Failure} 73
 */
export function writeAll(fd: number, text: string, what: string): void {
  const bytes = Buffer.from(text, "latin1");
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  } catch (error) {
    throw refusal(error, what);
  }
}

function refusal(error: unknown, what: string): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  if (GONE.has(code)) return new ReaderGone(code, { cause: error });
  return new Failure(exit.cannotWrite, `${what} cannot be written (${code}).`, { cause: error });
}
