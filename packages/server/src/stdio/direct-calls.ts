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

/**
 * The short way for `tools/call` of revisions up to 2025-11-25 on stdio: what most clients send most of the time. On that
 * era the SDK adds nothing to a call but the checking of shapes that were checked at the entry, and of results that the
 * call path has just made; that was a fifth of a small call's cost (measured). Anything but a plain call, and all of
 * 2026-07-28, goes through the SDK. The call path is the same one.
 *
 * @param send puts one JSON-RPC message on the wire
 */
export function createDirectCalls(
  server: GuardedServer,
  origin: Origin,
  send: (message: Record<string, unknown>) => void,
): DirectCalls {
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
    if (!controller.signal.aborted) send(toMessage(id, answer));
  }

  function progressSink(progressToken: unknown): ProgressSink | undefined {
    if (typeof progressToken !== "string" && typeof progressToken !== "number") return undefined;
    return {
      send: (progress) =>
        send({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, ...progress } }),
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

function toMessage(id: string | number, answer: Answer): Record<string, unknown> {
  if (answer.ok) return { result: answer.result, jsonrpc: "2.0", id };
  if (answer.unknown) return errorResponse(id, answer.rpc, answer.error.message, { error: answer.error });
  return { result: refusal(answer.error), jsonrpc: "2.0", id };
}
