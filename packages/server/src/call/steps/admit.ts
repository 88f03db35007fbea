import type { Principal } from "@hardened-mcp/auth/principal";
import { LimitError, type RateDecision, type Release, runWithDeadline } from "@hardened-mcp/limits";
import { refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { Guard } from "../guard.ts";
import type { CallState } from "../state.ts";

/** Milliseconds a call waits until earlier answers have been taken. */
const ROOM_WAIT_MS = 5_000;

/** How much? The rate of this principal first, then a place among the running calls. The caller releases the place. */
export async function admit(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
): Promise<Release> {
  call.step = "admit";
  const charged = guard.rates.charge(principal, operation.charges);
  const rate = "ok" in charged ? charged : await charged;
  refuseOverRate(rate, `calls of "${operation.target.name}"`);
  if (rate.degraded) call.degraded = true;
  if (call.degraded && operation.target.effect !== "read") {
    refuse(
      "unavailable",
      "The state that this server's replicas share is away, so nothing may be changed. Reading still works.",
      {
        detail: "state-away",
      },
    );
  }
  return await enter(call, operation);
}

/** A name that does not exist costs what a read costs, so that nobody can try them all, or fill the log, for nothing. */
export async function admitUnknown(guard: Guard, principal: Principal): Promise<void> {
  refuseOverRate(await guard.rates.charge(principal, guard.unknownCharges), "calls");
}

function refuseOverRate(rate: RateDecision, what: string): void {
  if (rate.ok) return;
  const seconds = Math.ceil(rate.retryAfterMs / 1000);
  refuse("rate_limited", `Too many ${what}. Try again in ${seconds} s.`, { retryAfterMs: rate.retryAfterMs });
}

async function enter(call: CallState, operation: Operation): Promise<Release> {
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
