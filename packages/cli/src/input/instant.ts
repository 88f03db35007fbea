import { UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";

/** A date alone, or a time without its offset, would be another moment on another machine. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since the epoch. @throws {UsageError} no date and time with its offset */
export function instantFlag(flags: Flags, name: string): number | undefined {
  const text = flags.value(name);
  if (text === undefined) return undefined;
  const time = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(`--${name} is a date and time with its offset, such as 2027-01-31T00:00:00Z`);
  }
  return time;
}

/** The time in ISO 8601; stored times are numbers, and not every number is a time. */
export function isoTime(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
