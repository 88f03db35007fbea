import type { Driver } from "../driver.ts";
import { unavailable } from "../driver-error.ts";
import { StateError } from "../state-error.ts";
import { withDeadline } from "./deadline.ts";
import { createSlots } from "./slots.ts";

/** How many times its own deadline an operation may wait for its turn. */
const QUEUE_TIMEOUTS = 10;

/** Options of {@link withBreaker}. */
export interface BreakerOptions {
  readonly timeoutMs: number;
  readonly probeMs: number;
  readonly onChange?: (available: boolean) => void;
}

/**
 * Gives every operation a deadline, and spares callers the wait while the store is away: after one failure operations fail at
 * once, until a probe succeeds. Without it each call would hang for the full timeout, and a dead store would take the server
 * along.
 */
export function withBreaker(driver: Driver, { timeoutMs, probeMs, onChange }: BreakerOptions): Driver {
  let away: StateError | undefined;
  /** Counts the changes: an operation from before the store went and came back says nothing about now. */
  let epoch = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const slots =
    driver.maxConcurrent === undefined ? undefined : createSlots(driver.maxConcurrent, QUEUE_TIMEOUTS * timeoutMs);

  function refuseWhileAway(): void {
    if (!away) return;
    throw new StateError("unavailable", `The state store is away. It is tried again every ${probeMs} ms.`, {
      cause: away.cause,
    });
  }

  async function guard<T>(operation: () => Promise<T>): Promise<T> {
    refuseWhileAway();
    if (slots === undefined) return await timed(operation);
    const release = await slots.take();
    try {
      refuseWhileAway();
      return await timed(operation);
    } finally {
      release();
    }
  }

  async function timed<T>(operation: () => Promise<T>): Promise<T> {
    const started = epoch;
    try {
      return await withDeadline(operation(), timeoutMs);
    } catch (error) {
      // A forged value is no sign of a store that is down; and one forged value must not take the others away.
      if (error instanceof StateError && error.code !== "unavailable") throw error;
      const failure = unavailable(error);
      if (epoch === started && !closed) change(failure);
      throw failure;
    }
  }

  function change(failure: StateError | undefined): void {
    away = failure;
    epoch++;
    if (failure) probeLater();
    tell(onChange, failure === undefined);
  }

  function probeLater(): void {
    timer = setTimeout(probe, probeMs).unref();
  }

  function probe(): void {
    withDeadline(driver.probe(), timeoutMs).then(
      () => !closed && change(undefined),
      () => !closed && probeLater(),
    );
  }

  return {
    get: (key) => guard(() => driver.get(key)),
    put: (key, value, ttlMs) => guard(() => driver.put(key, value, ttlMs)),
    putIfAbsent: (key, value, ttlMs) => guard(() => driver.putIfAbsent(key, value, ttlMs)),
    compareAndDelete: (key, value) => guard(() => driver.compareAndDelete(key, value)),
    increment: (key, by, ttlMs) => guard(() => driver.increment(key, by, ttlMs)),
    list: (prefix, after, limit) => guard(() => driver.list(prefix, after, limit)),
    delete: (key) => guard(() => driver.delete(key)),
    probe: () => guard(() => driver.probe()),
    close() {
      closed = true;
      clearTimeout(timer);
      return driver.close();
    },
  };
}

/** A hook that throws must neither undo the operation that noticed nor end the process. */
function tell(onChange: BreakerOptions["onChange"], available: boolean): void {
  try {
    onChange?.(available);
  } catch {
    process.emitWarning("onChange of a state store threw an error; it must not.", { code: "HARDENED_MCP_STATE" });
  }
}
