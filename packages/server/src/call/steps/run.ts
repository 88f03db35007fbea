import { LimitError, runWithDeadline } from "@hardened-mcp/limits";
import type { Call, ErrorCatalogue } from "../../define/call.ts";
import { CallError, type OperatorDetail, refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { Principal } from "../../principal.ts";
import type { Guard } from "../guard.ts";
import { progressReporter } from "../progress.ts";
import type { CallState } from "../state.ts";

/** Runs the handler: with the parsed arguments, under the deadline, with a signal that really aborts. */
export async function run(
  guard: Guard,
  call: CallState,
  operation: Operation,
  principal: Principal,
  args: unknown,
): Promise<unknown> {
  call.step = "run";
  const { progress, signal } = call.request;
  try {
    return await runWithDeadline(
      (running) =>
        operation.run(args, new HandlerCall(guard, call.ref, principal, running, progress, operation.errors)),
      { ms: operation.deadlineMs, signal },
    );
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    if (error.code === "deadline") {
      refuse("timeout", `The call took longer than ${operation.deadlineMs} ms and was stopped.`, { cause: error });
    }
    refuse("cancelled", undefined, { cause: error });
  }
}

/** What a handler sees. A class, so that the log child and the progress clock are made only by handlers that use them. */
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
    sink: CallState["request"]["progress"],
    errors: ErrorCatalogue,
  ) {
    this.ref = ref;
    this.principal = principal;
    this.signal = signal;
    this.progress = progressReporter(sink, signal);
    this.#guard = guard;
    this.#errors = errors;
  }

  get log(): Call["log"] {
    return this.#guard.log.child({ ref: this.ref });
  }

  fail(reason: string, operator?: OperatorDetail): never {
    const entry = Object.hasOwn(this.#errors, reason) ? this.#errors[reason] : undefined;
    if (entry === undefined) throw new TypeError(`"${reason}" is not in the definition's error catalogue`);
    throw new CallError(entry.code, entry.message, operator);
  }
}
