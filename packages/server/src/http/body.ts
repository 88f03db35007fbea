import type { IncomingMessage } from "node:http";

/** A whole body, or why there is none. */
export type Body =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  | { readonly kind: "aborted" };

/** Reads a body of at most `maxBytes`. A longer one is not read to its end; the connection is closed behind the answer. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve({ kind: "too_large" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    function onData(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > maxBytes) done({ kind: "too_large" });
      else chunks.push(chunk);
    }
    function onEnd(): void {
      done({ kind: "body", bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes) });
    }
    function onGone(): void {
      done({ kind: "aborted" });
    }
    function done(body: Body): void {
      request.off("data", onData).off("end", onEnd).off("close", onGone).off("error", onGone);
      // Late errors of a request nobody reads any more must not end the process.
      request.on("error", () => undefined);
      if (body.kind === "too_large") request.pause();
      resolve(body);
    }
    request.on("data", onData).on("end", onEnd).on("close", onGone).on("error", onGone);
  });
}
