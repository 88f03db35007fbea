import type { ServerResponse } from "node:http";
import type { PublicError } from "../call/answer.ts";
import { errorResponse, type RpcId } from "../protocol/json-rpc.ts";

/** On every answer: nothing of ours is to be cached, sniffed, framed or read by another site. */
export const HARDENING: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Answers a rejected request: a JSON-RPC error that carries the public error with its reference. */
export function replyRejected(
  response: ServerResponse,
  status: number,
  rejected: { readonly id?: RpcId; readonly rpc: number; readonly error: PublicError },
  headers: Readonly<Record<string, string | string[]>> = {},
): void {
  const { error } = rejected;
  const body = JSON.stringify(errorResponse(rejected.id ?? null, rejected.rpc, error.message, { error }));
  // The rest of a request that was refused early is not worth reading.
  const close = response.req.complete ? {} : { connection: "close" };
  const length = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...HARDENING, ...length, ...close, ...headers });
  response.end(body);
}

/**
 * Sends a fetch response, waiting for the client where it is slow and giving up where it does not read at all.
 *
 * @param instead called once the first part is known and before anything is sent; `true`: it has answered itself. Only then
 * is it known whether the one call of a request was refused for a scope, which a status has to say.
 */
export async function sendResponse(
  response: ServerResponse,
  from: Response,
  writeTimeoutMs: number,
  instead: () => boolean,
): Promise<void> {
  const headers: Record<string, string> = { ...HARDENING };
  for (const [name, value] of from.headers) {
    // Whether the connection goes on is for this server to say, which may be stopping, and for the client.
    if (name !== "connection") headers[name] = value;
  }
  if (from.body === null) {
    if (instead()) return;
    response.writeHead(from.status, headers);
    response.end();
    return;
  }
  const reader = from.body.getReader();
  // Without this a client that goes away leaves the SDK's stream open, and us waiting for its next event.
  const abandon = (): void => void reader.cancel().catch(() => undefined);
  response.once("close", abandon);
  try {
    let part = await reader.read();
    if (response.destroyed) return;
    if (instead()) {
      abandon();
      return;
    }
    response.writeHead(from.status, headers);
    for (; !part.done; part = await reader.read()) {
      if (response.destroyed || response.writableEnded) return;
      if (!response.write(part.value)) await drained(response, writeTimeoutMs);
    }
  } finally {
    response.off("close", abandon);
  }
  response.end();
}

/** What the last event of a stream gets to leave, in milliseconds. */
const LAST_EVENT_MS = 500;

/**
 * Ends a stream of events with an error in place of the answer that will not come: a client whose stream is merely cut
 * waits for it until its own time is up (SDK 2.4.0: a minute). Whoever does not take the error is cut off all the same.
 */
export function endEvents(
  response: ServerResponse,
  { id, rpc, error }: { readonly id: RpcId; readonly rpc: number; readonly error: PublicError },
): void {
  if (!response.headersSent || response.writableEnded) {
    response.destroy();
    return;
  }
  const last = JSON.stringify(errorResponse(id, rpc, error.message, { error }));
  const timer = setTimeout(() => response.destroy(), LAST_EVENT_MS);
  response.once("close", () => clearTimeout(timer));
  response.end(`event: message\ndata: ${last}\n\n`);
}

function drained(response: ServerResponse, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), timeoutMs);
    function done(): void {
      clearTimeout(timer);
      response.off("drain", done).off("close", done);
      resolve();
    }
    response.on("drain", done).on("close", done);
  });
}
