import type { Principal } from "@hardened-mcp/auth/principal";
import { LimitError, type RateDecision, type Release, runWithDeadline } from "@hardened-mcp/limits";
import { refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { Guard } from "../guard.ts";
import type { Charge } from "../rates.ts";
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
  await chargeFor(guard, call, operation, principal, operation.charges);
  const release = await enter(call, operation);
  call.waitedMs = performance.now() - call.startedAt;
  return release;
}

/** The rest of the price of a call that was let in at the mildest one, and has turned out to do more. */
export async function admitAs(
  guard: Guard,
  call: CallState,
  { from, to }: { readonly from: Operation; readonly to: Operation },
  principal: Principal,
): Promise<void> {
  const paid = new Set(from.charges.map(({ account }) => account));
  const due = to.charges.filter(({ account }) => !paid.has(account));
  if (due.length > 0) await chargeFor(guard, call, to, principal, due);
}

async function chargeFor(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  charges: readonly Charge[],
): Promise<void> {
  const rate = await charged(() => guard.rates.charge(principal, charges));
  refuseOverRate(rate, charges, `calls of "${operation.target.name}"`);
  if (rate.degraded) call.degraded = true;
  refuseDegradedWrite(call, operation);
}

/** A name that does not exist costs what a read costs, so that nobody can try them all, or fill the log, for nothing. */
export async function admitUnknown(guard: Guard, principal: Principal): Promise<void> {
  const rate = await charged(() => guard.rates.charge(principal, guard.unknownCharges));
  refuseOverRate(rate, guard.unknownCharges, "calls");
}

/** What was checked while shared state was away is good enough to read, and for nothing else. */
export function refuseDegradedWrite(call: CallState, operation: Operation): void {
  if (!call.degraded || operation.target.effect === "read") return;
  refuse(
    "unavailable",
    "The state that this server's replicas share is away, so nothing may be changed. Reading still works.",
    { rule: "state-away" },
  );
}

/** @throws {CallError} `unavailable`: the shared count cannot be believed; never "go on" */
async function charged(charging: () => RateDecision | Promise<RateDecision>): Promise<RateDecision> {
  try {
    return await charging();
  } catch (error) {
    refuse("unavailable", "It cannot be told at present how much has been used. Nothing was done.", {
      cause: error,
      rule: "rate-unknown",
    });
  }
}

function refuseOverRate(rate: RateDecision, charges: readonly Charge[], what: string): void {
  if (rate.ok) return;
  const { retryAfterMs } = rate;
  const account = charges.find(({ rule }) => rule === rate.rule)?.account ?? "unknown";
  refuse("rate_limited", `Too many ${what}. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`, {
    retryAfterMs,
    rule: `rate/${account}/${rate.rule}`,
  });
}

const RUNNING = ["concurrency", "too many calls are running"] as const;
const UNREAD = ["unread_answers", "too many answers wait to be read"] as const;

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
    if (error.code === "aborted") refuse("cancelled", undefined, { rule: "client_gone" });
    const [rule, why] = release === undefined ? RUNNING : UNREAD;
    refuse("rate_limited", `The server is busy: ${why}. Try again shortly.`, {
      cause: error,
      retryAfterMs: 1000,
      rule,
    });
  }
}
