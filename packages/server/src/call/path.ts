import type { Release } from "@hardened-mcp/limits";
import type { Answer } from "./answer.ts";
import { leaveByTheDoor } from "./door.ts";
import type { Guard } from "./guard.ts";
import type { CallRequest } from "./request.ts";
import { beginCall, type CallState } from "./state.ts";
import { admit } from "./steps/admit.ts";
import { approve } from "./steps/approve.ts";
import { authenticate, bringUpToDate } from "./steps/authenticate.ts";
import { authorize, authorizeAgain } from "./steps/authorize.ts";
import { checkOutput } from "./steps/check-output.ts";
import { classify } from "./steps/classify.ts";
import { find, refuseUnknown } from "./steps/find.ts";
import { recordIntent, recordOutcome } from "./steps/record.ts";
import { recordConsumed } from "./steps/record-approval.ts";
import { run } from "./steps/run.ts";
import { validate } from "./steps/validate.ts";

/**
 * The one guarded call path. Every tool call, resource read, prompt and list of every client, on stdio and on HTTP, old
 * protocol or new, is one walk through it; no handler can be reached in any other way.
 *
 * It never throws: whatever stops a step leaves by the one door, recorded and masked.
 */
export async function walkCallPath(guard: Guard, request: CallRequest): Promise<Answer> {
  const call = beginCall(request);
  guard.inFlight.enter();
  try {
    return await walk(guard, call);
  } catch (thrown) {
    return await leaveByTheDoor(guard, call, thrown);
  } finally {
    guard.inFlight.leave();
  }
}

/** The path itself, top to bottom. A step goes on by returning and stops by throwing a code. */
async function walk(guard: Guard, call: CallState): Promise<Answer> {
  const principal = authenticate(call);
  const refreshing = guard.policy.refresh?.();
  if (refreshing !== undefined) await bringUpToDate(guard, call, refreshing);
  const { operation: named, args: raw } = find(guard, call, principal) ?? (await refuseUnknown(guard, call, principal));
  const release: Release = await admit(guard, call, named, principal);
  try {
    const args = validate(call, named, raw);
    const operation = await classify(guard, call, named, principal, args);
    const decision = await authorize(guard, call, operation, principal, args);
    const rule = await approve(guard, call, operation, principal, args, decision);
    if (decision.effect === "approve") {
      await authorizeAgain(guard, call, operation, principal, args);
      recordConsumed(guard.audit, call, operation, rule);
    }
    await recordIntent(guard.audit, call, operation, args, rule);
    const output = await run(guard, call, operation, principal, args);
    const answer = checkOutput(guard, call, operation, output);
    // The work is done; waiting for the disk takes no place from the next call.
    release();
    await recordOutcome(guard.audit, call, operation, answer);
    guard.metrics.called(operation.target.name, "ok", performance.now() - call.startedAt);
    return answer;
  } finally {
    release();
  }
}
