import { UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** From and to, in words of a command line and in milliseconds. */
export interface DurationBounds {
  readonly min: string;
  readonly max: string;
}

/** Milliseconds of `90s`, `30m`, `2h` or `7d`; `undefined`: it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  return count === undefined || unitMs === undefined ? undefined : Number(count) * unitMs;
}

/** The value of `--for`. @throws {UsageError} no duration, or one out of bounds */
export function durationFlag(flags: Flags, { min, max }: DurationBounds): number | undefined {
  const text = flags.value("for");
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  const isWithin = ms !== undefined && ms >= (parseDuration(min) ?? 0) && ms <= (parseDuration(max) ?? 0);
  if (!isWithin) throw new UsageError(`--for is a time from ${min} to ${max}, such as 90s, 30m, 2h or 7d`);
  return ms;
}
