import type { SafeFetchLimits } from "../types.ts";
import { refuseUnknown, SafeFetchOptionError } from "./option-error.ts";

/** What holds where nothing else is said. */
export const DEFAULT_LIMITS: SafeFetchLimits = Object.freeze({
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 20_000,
  bodyTimeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  maxBytes: 8 * 1024 * 1024,
  maxHeaderBytes: 16 * 1024,
});

/** Longest delay of a timer of Node; a longer one fires at once. */
const MOST_MS = 2 ** 31 - 1;

/** `given` over `base`. A limit cannot be taken away: every one is a whole number from 1. @throws {SafeFetchOptionError} */
export function mergeLimits(base: SafeFetchLimits, given: Partial<SafeFetchLimits> | undefined): SafeFetchLimits {
  if (given === undefined) return base;
  refuseUnknown("limits", given, Object.keys(DEFAULT_LIMITS));
  const merged: { -readonly [name in keyof SafeFetchLimits]: number } = { ...base };
  for (const [name, value] of Object.entries(given) as [keyof SafeFetchLimits, number | undefined][]) {
    if (value === undefined) continue;
    const most = name.endsWith("Ms") ? MOST_MS : Number.MAX_SAFE_INTEGER;
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new SafeFetchOptionError(`limits.${name}`, `must be a whole number from 1 to ${most}.`);
    }
    merged[name] = value;
  }
  return merged;
}
