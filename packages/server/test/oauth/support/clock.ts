import { onTestFinished, vi } from "vitest";

/** Sets the monotonic clock of this process forward until the test is over: what is remembered for a while ends sooner. */
export function advanceMonotonic(ms: number): void {
  const now = performance.now.bind(performance);
  const spy = vi.spyOn(performance, "now").mockImplementation(() => now() + ms);
  onTestFinished(() => spy.mockRestore());
}
