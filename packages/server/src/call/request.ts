import type { Principal } from "@hardened-mcp/auth/principal";
import type { Method } from "../operation.ts";

/** Where a request came in, as the entry established it; the same object for every member of a batch. */
export interface Origin {
  readonly transport: "stdio" | "http";
  /** Who sent it; `undefined` when the entry could not tell, and then nothing runs. */
  readonly principal: Principal | undefined;
  /** Who sent it was checked while shared state was away: good for reads only. */
  readonly degraded?: boolean;
  /**
   * Resolves when so few answers wait to be taken by clients that there is room for another; `undefined`: there is. Without
   * it, a client that stops reading fills the memory with answers to calls that were let in before.
   */
  room?(): Promise<void> | undefined;
}

/** What the client asked to be told while the call runs. */
export interface ProgressSink {
  send(progress: { readonly progress: number; readonly total?: number; readonly message?: string }): void;
}

/** One MCP request that is a call, as it left the parser: nothing in it has been checked against a schema yet. */
export interface CallRequest {
  readonly method: Method;
  /** Tool name, prompt name or resource URI; the method itself for lists. */
  readonly name: string;
  readonly args: unknown;
  readonly origin: Origin;
  /** Aborts when the client cancels or goes away. */
  readonly signal: AbortSignal;
  readonly progress: ProgressSink | undefined;
  /** `_meta.traceparent` as sent; used only when it is a well-formed W3C trace context. */
  readonly traceparent: unknown;
}
