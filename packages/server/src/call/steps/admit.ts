import { type Principal, principalKey } from "@hardened-mcp/auth/principal";
import { LimitError, type Release, runWithDeadline } from "@hardened-mcp/limits";
import { refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { CallState } from "../state.ts";

/** Milliseconds a call waits until earlier answers have been taken. */
const ROOM_WAIT_MS = 5_000;

/** How much? The rate of this principal first, then a place among the running calls. The caller releases the place. */
export async function admit(call: CallState, operation: Operation, principal: Principal): Promise<Release> {
  call.step = "admit";
  const taken = operation.rate.take(`${operation.target.name} ${principalKey(principal)}`, operation.rateRule);
  const rate = "ok" in taken ? taken : await taken;
  if (!rate.ok) {
    const seconds = Math.ceil(rate.retryAfterMs / 1000);
    refuse("rate_limited", `Too many calls of "${operation.target.name}". Try again in ${seconds} s.`, {
      retryAfterMs: rate.retryAfterMs,
    });
  }
  let release: Release | undefined;
  try {
    release = await operation.gate.enter(call.request.signal);
    const room = call.request.origin.room?.();
    if (room !== undefined) await runWithDeadline(() => room, { ms: ROOM_WAIT_MS, signal: call.request.signal });
    return release;
  } catch (error) {
    release?.();
    if (!(error instanceof LimitError)) throw error;
    if (error.code === "aborted") refuse("cancelled");
    const why = release === undefined ? "too many calls are running" : "too many answers wait to be read";
    refuse("rate_limited", `The server is busy: ${why}. Try again shortly.`, { cause: error, retryAfterMs: 1000 });
  }
}
