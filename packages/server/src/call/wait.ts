import { LimitError, runWithDeadline } from "@hardened-mcp/limits";
import { refuse } from "../errors/call-error.ts";
import type { CallState } from "./state.ts";

/**
 * Waits for work that is not ours to finish, for `ms` and no longer than the client does. Whatever holds a call also
 * holds one of the few places, so nothing a call waits for may keep it for ever.
 */
export async function waitFor<T>(
  call: CallState,
  ms: number,
  work: (signal: AbortSignal) => T | PromiseLike<T>,
): Promise<T> {
  try {
    return await runWithDeadline(work, { ms, signal: call.request.signal });
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    if (error.code === "deadline") {
      refuse("timeout", `The call took longer than ${ms} ms and was stopped.`, { cause: error, rule: "deadline" });
    }
    refuse("cancelled", undefined, { cause: error, rule: "client_gone" });
  }
}
