/** Formats wall time once a millisecond: `toISOString` is a tenth of a record's cost. */
export function wallClock(): () => string {
  let at = Number.NaN;
  let text = "";
  return () => {
    const now = Date.now();
    if (now !== at) {
      at = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}

/** Milliseconds of the system's monotonic clock, to the microsecond: orders records when wall time steps (C59). */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
