import { onTestFinished, vi } from "vitest";

/**
 * Stops the clocks, wall and monotonic, at the real time until the test is over; sockets and timers go on. TLS goes by the real time always, so
 * certificates are to be made before any time passes.
 */
export function stopClocks(): void {
  vi.useRealTimers();
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ["Date", "performance"], now: Date.now() });
}

export function passSeconds(seconds: number): void {
  vi.advanceTimersByTime(seconds * 1000);
}
