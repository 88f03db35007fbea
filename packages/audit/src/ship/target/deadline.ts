import { ShipFailure } from "./target.ts";

/**
 * Runs `work` for at most `ms`. Own clock: a peer that sends a byte now and then keeps every idle timer quiet.
 *
 * @param giveUp ends the work, such as by closing its connection; called at most once
 * @throws {ShipFailure} `timeout`, `aborted`
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: () => Promise<T>,
  giveUp: () => void,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const end = (code: string) => {
    late.reject(new ShipFailure(code));
    giveUp();
  };
  const onAbort = () => end("aborted");
  const timer = setTimeout(end, ms, "timeout");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    if (signal.aborted) throw new ShipFailure("aborted");
    const working = work();
    // Lost the race, it may still fail, with nobody listening.
    working.catch(() => undefined);
    return await Promise.race([working, late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
