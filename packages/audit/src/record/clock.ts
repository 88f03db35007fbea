import { auditDefaults } from "../defaults.ts";

/** One moment, by both clocks. */
export interface Moment {
  /** Wall time, milliseconds since 1970. */
  readonly ms: number;
  /** Wall time in ISO 8601, milliseconds, UTC. */
  readonly ts: string;
  /** Milliseconds of the system's monotonic clock, to the microsecond: orders records when wall time steps (C59). */
  readonly mono: number;
  /** How far wall time has left monotonic time since the moment before, when that is more than 2 seconds; else 0. */
  readonly stepMs: number;
}

/** `performance.now()` counts on the same clock from the process's start, and costs a third of `hrtime.bigint()`. */
const SINCE_BOOT_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Milliseconds of the system's monotonic clock, to the microsecond. */
function monotonicMs(): number {
  return Math.round((SINCE_BOOT_MS + performance.now()) * 1000) / 1000;
}

/** Formats wall time once a millisecond: `toISOString` is a tenth of a record's cost. */
export function createClock(): () => Moment {
  let ms = Number.NaN;
  let ts = "";
  let offset: number | undefined;
  return () => {
    const now = Date.now();
    if (now !== ms) {
      ms = now;
      ts = new Date(now).toISOString();
    }
    const mono = monotonicMs();
    const drift = now - mono - (offset ?? now - mono);
    const stepped = Math.abs(drift) > auditDefaults.clockStepMs;
    // Slow drift is followed, so that a clock that is being slewed never counts as one that stepped.
    offset = now - mono;
    return { ms, ts, mono, stepMs: stepped ? Math.round(drift) : 0 };
  };
}
