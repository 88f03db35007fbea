import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { stderrDestination } from "../log/stderr.ts";

/** The process's own streams, with standard output kept for the protocol. */
export interface ProtocolStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Takes standard output for the protocol: whatever else is written to it from now on, by `console.log` or by a library,
 * goes to standard error (spec: basic/transports/stdio, "MUST NOT write anything to its stdout that is not a valid MCP
 * message").
 *
 * On a pipe, Node writes to standard output synchronously: a client that stops reading would stop the whole process, and
 * with it the answer to SIGTERM. The protocol's stream is therefore one of our own on the same descriptor, which waits.
 */
export function claimStdio(): ProtocolStreams {
  const kind = fstatSync(1);
  const output: Writable =
    kind.isFIFO() || kind.isSocket()
      ? new Socket({ fd: 1, readable: false, writable: true })
      : claimOriginal(process.stdout);
  process.stdout.write = writeToStderr;
  return { input: process.stdin, output };
}

/** Through the log's destination: on a pipe that nobody reads it drops the noise, where Node would keep all of it. */
function writeToStderr(
  chunk: string | Uint8Array,
  encoding?: BufferEncoding | ((error?: Error | null) => void),
  callback?: (error?: Error | null) => void,
): boolean {
  const [form, done] = typeof encoding === "function" ? [undefined, encoding] : [encoding, callback];
  stderrDestination().write(typeof chunk === "string" ? Buffer.from(chunk, form) : chunk);
  if (done !== undefined) process.nextTick(done);
  return true;
}

/** A file or a terminal: Node's own stream, reached past the redirected `write`. */
function claimOriginal(stdout: NodeJS.WriteStream): Writable {
  const write = stdout.write.bind(stdout);
  return new Proxy(stdout, {
    get: (target, key) => {
      if (key === "write") return write;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
