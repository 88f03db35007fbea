import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from "cockatiel";
import type { UpstreamConfig } from "../config/upstream-schema.ts";
import { UpstreamError } from "../model/exchange.ts";
import { isAway } from "./errors.ts";
import type { UpstreamLog } from "./log.ts";

/** Leaves an upstream alone that fails again and again: waiting for it holds callers and places, and it cannot recover. */
export interface Breaker {
  /** @throws {UpstreamError} `open` */
  refuseIfOpen(): void;
  /** One request. What it throws, or answers, is counted. @throws {UpstreamError} `open` */
  run<T extends { readonly status: number }>(request: () => Promise<T>): Promise<T>;
  readonly isClosed: boolean;
  /** False while it is open, or one request is finding out. True once one may find out: nothing else would. */
  readonly isUp: boolean;
}

/** Statuses by which a gateway says that what is behind it does not answer. A 500 may be one bad argument's. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);
/** Failures after a head has come: somebody is there. */
const ALIVE_ERRORS: ReadonlySet<unknown> = new Set(["redirect", "too_large"]);

export function createBreaker(api: string, { failures, openMs }: UpstreamConfig["breaker"], log: UpstreamLog): Breaker {
  let openUntil = 0;
  const isFailure = (error: unknown): boolean => {
    const code = error instanceof UpstreamError ? error.code : undefined;
    // While it finds out, only life closes it: cockatiel takes an error that it does not handle for a success, so that a
    // caller who goes away at that moment would close it.
    return isAway(error) || (policy.state === CircuitState.HalfOpen && !ALIVE_ERRORS.has(code));
  };
  const policy = circuitBreaker(
    handleWhen(isFailure).orWhenResult((answer) => AWAY.has((answer as { status: number }).status)),
    { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: openMs },
  );
  policy.onBreak(() => {
    openUntil = Date.now() + openMs;
    log.warn({ api, openMs }, "The API fails again and again, and is left alone for a while.");
  });
  policy.onReset(() => log.info({ api }, "The API answers again."));

  const isWaiting = () => policy.state === CircuitState.Open && Date.now() < openUntil;

  function refuseIfOpen(): void {
    // Others do not wait for the one that finds out: it may take as long as a request may.
    if (policy.state === CircuitState.HalfOpen) throw new UpstreamError("open", { retryAfterMs: 1_000 });
    if (isWaiting()) throw new UpstreamError("open", { retryAfterMs: openUntil - Date.now() });
  }

  return {
    refuseIfOpen,
    async run(request) {
      refuseIfOpen();
      return await policy.execute(request);
    },
    get isClosed() {
      return policy.state === CircuitState.Closed;
    },
    get isUp() {
      return policy.state === CircuitState.Closed || (policy.state === CircuitState.Open && !isWaiting());
    },
  };
}
