import type { Answer } from "../call/answer.ts";
import { walkCallPath } from "../call/path.ts";
import type { Origin, ProgressSink } from "../call/request.ts";
import { errorResponse, isObject, type RpcId } from "../protocol/json-rpc.ts";
import { refusal } from "../protocol/refusal.ts";
import type { GuardedServer } from "../server.ts";

/** Tool calls of one connection that go to the call path without a detour through the SDK. */
export interface DirectCalls {
  /** Takes a message if it is a plain `tools/call`, or cancels one that was taken; `false`: it is the SDK's. */
  take(message: Record<string, unknown>): boolean;
  /** Aborts whatever still runs. */
  close(): void;
}

/** Keys of a call's `params` whose meaning is known here; a message with any other is the SDK's. */
const PLAIN = new Set(["name", "arguments", "_meta"]);

/** Puts one JSON-RPC message on the wire, already written out; `answered` is the id it answers to. */
type Send = (line: string, answered?: RpcId) => void;

/**
 * The short way for `tools/call` of revisions up to 2025-11-25 on stdio: what most clients send most of the time. On that
 * era the SDK adds nothing to a call but the checking of shapes that were checked at the entry, and of results that the
 * call path has just made; that was a fifth of a small call's cost (measured). Anything but a plain call, and all of
 * 2026-07-28, goes through the SDK. The call path is the same one.
 */
export function createDirectCalls(server: GuardedServer, origin: Origin, send: Send): DirectCalls {
  const running = new Map<RpcId, AbortController>();

  async function call(
    id: string | number,
    params: Record<string, unknown>,
    controller: AbortController,
  ): Promise<void> {
    const meta = isObject(params["_meta"]) ? params["_meta"] : {};
    const answer = await walkCallPath(server.guard, {
      method: "tools/call",
      name: String(params["name"]),
      args: params["arguments"],
      origin,
      signal: controller.signal,
      progress: progressSink(meta["progressToken"]),
      traceparent: meta["traceparent"],
    });
    running.delete(id);
    // Spec: basic/utilities/cancellation, a cancelled request is not answered.
    if (!controller.signal.aborted) send(toLine(id, answer), id);
  }

  function progressSink(progressToken: unknown): ProgressSink | undefined {
    if (typeof progressToken !== "string" && typeof progressToken !== "number") return undefined;
    return {
      send: (progress) =>
        send(
          JSON.stringify({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, ...progress } }),
        ),
    };
  }

  function cancel(params: unknown): boolean {
    const id = isObject(params) ? (params["requestId"] as RpcId) : null;
    const controller = running.get(id);
    controller?.abort();
    return controller !== undefined;
  }

  return {
    take(message) {
      const { id, method, params } = message;
      if (method === "notifications/cancelled") return cancel(params);
      if (method !== "tools/call" || !isPlain(params) || running.has(id as RpcId)) return false;
      const controller = new AbortController();
      running.set(id as RpcId, controller);
      // The entry has refused a call without an id, and the path itself never throws.
      void call(id as string | number, params, controller);
      return true;
    },
    close() {
      for (const controller of running.values()) controller.abort();
      running.clear();
    },
  };
}

/** Nothing in it but what a call is made of, and no claim of a newer revision. */
function isPlain(params: unknown): params is Record<string, unknown> {
  if (!isObject(params)) return false;
  for (const key in params) if (!PLAIN.has(key)) return false;
  const meta = params["_meta"];
  if (meta === undefined) return true;
  if (!isObject(meta)) return false;
  for (const key in meta) if (key.startsWith("io.modelcontextprotocol/")) return false;
  return true;
}

function toLine(id: string | number, answer: Answer): string {
  if (!answer.ok) {
    const { error, rpc, unknown } = answer;
    const message = unknown
      ? errorResponse(id, rpc, error.message, { error })
      : { result: refusal(error), jsonrpc: "2.0", id };
    return JSON.stringify(message);
  }
  const { result, structured } = answer;
  if (structured === undefined) return JSON.stringify({ result, jsonrpc: "2.0", id });
  // The structured form is large where anything is, and was written out when it was measured.
  const rest = Object.keys(result).filter((key) => key !== "structuredContent");
  const before = JSON.stringify({
    jsonrpc: "2.0",
    id,
    result: Object.fromEntries(rest.map((key) => [key, result[key]])),
  }).slice(0, -2);
  return `${before},"structuredContent":${structured}}}`;
}
