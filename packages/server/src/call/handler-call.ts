import type { Principal } from "@hardened-mcp/auth/principal";
import type { Call } from "../define/call.ts";
import { CallError, type OperatorDetail } from "../errors/call-error.ts";
import type { Operation } from "../operation.ts";
import type { Guard } from "./guard.ts";
import type { CallState } from "./state.ts";

/** What a {@link Call} is made of. */
interface Parts {
  readonly call: CallState;
  readonly operation: Operation;
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly progress: Call["progress"];
}

/** What the author's code sees of a call. */
export function createHandlerCall(guard: Guard, parts: Parts): Call {
  return new HandlerCall(guard, parts);
}

/** A class, so that the log child is made only by handlers that use it. */
class HandlerCall implements Call {
  readonly ref: string;
  readonly principal: Principal;
  readonly effect: Call["effect"];
  readonly signal: AbortSignal;
  readonly progress: Call["progress"];
  readonly #guard: Guard;
  readonly #errors: Operation["errors"];

  constructor(guard: Guard, { call, operation, principal, signal, progress }: Parts) {
    this.ref = call.ref;
    this.principal = principal;
    this.effect = operation.target.effect;
    this.signal = signal;
    this.progress = progress;
    this.#guard = guard;
    this.#errors = operation.errors;
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
