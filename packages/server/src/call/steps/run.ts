import type { Principal } from "@hardened-mcp/auth/principal";
import type { Operation } from "../../operation.ts";
import type { Guard } from "../guard.ts";
import { createHandlerCall } from "../handler-call.ts";
import { progressReporter } from "../progress.ts";
import type { CallState } from "../state.ts";
import { waitFor } from "../wait.ts";

/** Runs the handler: with the parsed arguments, under the deadline, with a signal that really aborts. */
export async function run(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  args: unknown,
): Promise<unknown> {
  call.step = "run";
  const { deadlineMs } = operation;
  const progress = progressReporter(call.request.progress, guard.redactor);
  const startedAt = performance.now();
  try {
    const output = await waitFor(call, deadlineMs, (signal) =>
      operation.run(args, createHandlerCall(guard, { call, operation, principal, signal, progress: progress.report })),
    );
    const ms = performance.now() - startedAt;
    // Code that never yields cannot be stopped from here; what it did is done, so its answer is sent.
    if (ms > deadlineMs) guard.log.warn({ ref: call.ref, ms }, "a handler blocked the event loop past its deadline");
    return output;
  } finally {
    progress.end();
  }
}
