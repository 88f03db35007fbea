import type { Principal } from "@hardened-mcp/auth/principal";
import type { Call, ErrorCatalogue } from "../../define/call.ts";
import { CallError, type OperatorDetail } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { Guard } from "../guard.ts";
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
      operation.run(args, new HandlerCall(guard, call.ref, principal, signal, progress.report, operation.errors)),
    );
    const ms = performance.now() - startedAt;
    // Code that never yields cannot be stopped from here; what it did is done, so its answer is sent.
    if (ms > deadlineMs) guard.log.warn({ ref: call.ref, ms }, "a handler blocked the event loop past its deadline");
    return output;
  } finally {
    progress.end();
  }
}

/** What a handler sees. A class, so that the log child is made only by handlers that use it. */
class HandlerCall implements Call {
  readonly ref: string;
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly progress: Call["progress"];
  readonly #guard: Guard;
  readonly #errors: ErrorCatalogue;

  constructor(
    guard: Guard,
    ref: string,
    principal: Principal,
    signal: AbortSignal,
    progress: Call["progress"],
    errors: ErrorCatalogue,
  ) {
    this.ref = ref;
    this.principal = principal;
    this.signal = signal;
    this.progress = progress;
    this.#guard = guard;
    this.#errors = errors;
  }

  get log(): Call["log"] {
    return this.#guard.log.child({ ref: this.ref });
  }

  fail(reason: string, operator?: OperatorDetail): never {
    const entry = Object.hasOwn(this.#errors, reason) ? this.#errors[reason] : undefined;
    if (entry === undefined) throw new TypeError(`"${reason}" is not in the definition's error catalogue`);
    throw new CallError(entry.code, entry.message, { ...operator, rule: `error/${reason}` });
  }
}
