import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";

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
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return { input: process.stdin, output };
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
