import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { JsonError, type JsonLimits, parseStrictJson } from "@hardened-mcp/limits";
import { isObject, messageFault, RPC } from "../protocol/json-rpc.ts";
import { readBody } from "./body.ts";
import type { HttpLimits } from "./options.ts";
import { Gone, Rejected } from "./rejected.ts";

/**
 * The one JSON-RPC message of a request, or the batch of an old client.
 *
 * @throws {Rejected} it is not exactly that, or too much of it
 */
export async function parsedBody(
  request: IncomingMessage,
  limits: HttpLimits,
  json: JsonLimits,
  cutOff: WeakSet<Duplex>,
): Promise<unknown> {
  if (request.headers["content-encoding"] !== undefined) {
    throw new Rejected(415, {
      code: "invalid_input",
      reason: "encoding",
      message: "A compressed body is not accepted.",
    });
  }
  const body = await readBody(request, limits.maxBodyBytes);
  if (body.kind === "too_large") {
    throw new Rejected(413, {
      code: "too_large",
      reason: "body",
      message: `A body may have at most ${limits.maxBodyBytes} bytes.`,
    });
  }
  if (body.kind === "aborted") {
    if (cutOff.has(request.socket)) throw new Gone();
    throw new Rejected(400, {
      code: "cancelled",
      reason: "aborted",
      message: "The request ended before its body did.",
    });
  }
  const parsed = parseBody(body.bytes, json);
  if (Array.isArray(parsed)) refuseBadBatch(parsed, limits.maxBatch);
  else refuseBadMessage(parsed);
  return parsed;
}

function parseBody(bytes: Buffer, json: JsonLimits): unknown {
  try {
    return parseStrictJson(bytes, json);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new Rejected(
      400,
      { code: "invalid_input", reason: `json_${error.code}`, message: error.message },
      { rpc: RPC.parse },
    );
  }
}

/** Batches exist in revision 2025-03-26 only; a hundred calls in one request must not pass for one. */
function refuseBadBatch(batch: readonly unknown[], maxBatch: number): void {
  if (batch.length === 0 || batch.length > maxBatch) {
    throw new Rejected(
      400,
      { code: "invalid_input", reason: "batch", message: `A batch has 1 to ${maxBatch} messages.` },
      { rpc: RPC.request },
    );
  }
  const ids = new Set<unknown>();
  for (const message of batch) {
    refuseBadMessage(message);
    const id = isObject(message) && message["method"] !== undefined ? message["id"] : undefined;
    if (id === undefined) continue;
    // Two answers to one id cannot be told apart, and one of them would be lost.
    if (ids.has(id)) {
      const twice = "Each request of a batch needs an id of its own.";
      throw new Rejected(400, { code: "invalid_input", reason: "id_in_use", message: twice }, { rpc: RPC.request });
    }
    ids.add(id);
  }
}

function refuseBadMessage(message: unknown): void {
  const fault = messageFault(message);
  if (fault === undefined) return;
  throw new Rejected(
    // Spec: basic/transports/streamable-http, an unknown method is 404.
    fault.code === RPC.method ? 404 : 400,
    { code: "invalid_input", reason: "message", message: fault.message },
    { rpc: fault.code, id: fault.id },
  );
}
