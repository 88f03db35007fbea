/** Runs in a process of its own (`--expose-gc`), so that nothing else is measured: prints one JSON line. */
import { createFailureThrottle } from "../../../src/rate/failure-throttle.ts";
import { createRateLimiter } from "../../../src/rate/memory-rate-limiter.ts";
import { createKnownRefusals } from "../../../src/rate/shared/known-refusals.ts";

export interface Measured {
  readonly heapMiB: number;
  readonly ms: number;
  readonly heavyHitterPassed: number;
}

const KEYS = 1_000_000;
const MAX_KEYS = 100_000;
/** The heavy hitter comes back after this many new keys. */
const EVERY = 1_000;

/** What each subject does with a new key, and whether the heavy hitter passes once more. */
interface Subject {
  flood(index: number): void;
  heavyHitterPasses(): boolean;
}

const SUBJECTS: Readonly<Record<string, () => Subject>> = {
  memory() {
    const limiter = createRateLimiter({ rules: { call: { limit: 10, windowMs: 86_400_000 } }, maxKeys: MAX_KEYS });
    for (let i = 0; i < 10; i++) limiter.take("heavy", "call");
    return {
      flood: (index) => void limiter.take(`principal-${index}`, "call"),
      heavyHitterPasses: () => limiter.take("heavy", "call").ok,
    };
  },
  refusals() {
    const refusals = createKnownRefusals(MAX_KEYS, 60_000);
    const id = (index: number) => `limits:rate:${String(index).padStart(43, "x")}`;
    refusals.remember("heavy", 86_400_000, 0, 0);
    return {
      flood: (index) => refusals.remember(id(index), 86_400_000, 0, 0),
      heavyHitterPasses: () => refusals.wait("heavy", 1) === 0,
    };
  },
  failures() {
    const throttle = createFailureThrottle({ limit: 10, windowMs: 86_400_000, maxKeys: MAX_KEYS });
    for (let i = 0; i < 10; i++) throttle.failed("192.0.2.1");
    return {
      flood: (index) => throttle.failed(`2001:db8:${(index >> 16).toString(16)}:${(index & 0xffff).toString(16)}::1`),
      heavyHitterPasses: () => throttle.isBlocked("192.0.2.1") === undefined,
    };
  },
};

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const subject = SUBJECTS[process.argv[2] ?? ""]?.();
if (subject === undefined || globalThis.gc === undefined)
  throw new Error("usage: node --expose-gc million-keys.ts SUBJECT");
const before = heapUsed();
const start = performance.now();
let heavyHitterPassed = 0;
for (let index = 0; index < KEYS; index++) {
  subject.flood(index);
  if (index % EVERY === 0 && subject.heavyHitterPasses()) heavyHitterPassed++;
}
const ms = performance.now() - start;
const heapMiB = (heapUsed() - before) / 2 ** 20;
if (subject.heavyHitterPasses()) heavyHitterPassed++; // after the measurement: what is measured must still be alive
const measured: Measured = { heapMiB, ms, heavyHitterPassed };
process.stdout.write(`${JSON.stringify(measured)}\n`);
