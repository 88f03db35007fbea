import type { TargetStatus } from "../status.ts";

/** To the worker: send what is there for at most `flushMs`, then end. */
export interface CloseMessage {
  readonly type: "close";
  readonly flushMs: number;
}

/** From the worker. */
export type WorkerMessage =
  | { readonly type: "ready" }
  /** The options cannot be used: a package or a file is missing. */
  | { readonly type: "invalid"; readonly message: string }
  | { readonly type: "status"; readonly status: TargetStatus };
