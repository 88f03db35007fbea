import { UpstreamError } from "../../model/exchange.ts";
import { untilAborted } from "../until-aborted.ts";

/** A value with an end. */
export interface Kept {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Values that cost a process or a request to get: kept until they end, and got once at a time, whoever waits. */
export interface Keeper {
  /** @throws {UpstreamError} as `get` did, also for a second after it failed; or the signal's reason */
  value(key: string, get: () => Promise<Kept>, signal: AbortSignal): string | Promise<string>;
  /**
   * Forgets a value that was refused.
   *
   * @returns whether the next one may be another. One that was got because of a refusal is not forgotten for 10 seconds:
   * an API that refuses everything would otherwise cost a new token with every call.
   */
  refused(key: string, value: string): boolean;
  /** All that are kept, and those that were replaced a moment ago: an answer under way may still hold them. */
  values(): Iterable<string>;
}

const FAILED_MS = 1_000;
const REFUSED_AGAIN_MS = 10_000;
const REPLACED_MAX = 32;

interface Entry {
  kept: Kept | undefined;
  getting: Promise<string> | undefined;
  refusedAt: number;
  failure: { readonly error: unknown; readonly until: number } | undefined;
}

/** @param max values kept; beyond it the one that was not used for the longest goes */
export function createKeeper(max: number): Keeper {
  const entries = new Map<string, Entry>();
  const replaced: string[] = [];

  function entryOf(key: string): Entry {
    const known = entries.get(key);
    const entry = known ?? {
      kept: undefined,
      getting: undefined,
      refusedAt: Number.NEGATIVE_INFINITY,
      failure: undefined,
    };
    if (known === undefined) forgetEnded();
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > max && oldest !== undefined) {
      replace(entries.get(oldest)?.kept);
      entries.delete(oldest);
    }
    return entry;
  }

  function forgetEnded(): void {
    const now = Date.now();
    for (const [key, { kept, getting, failure, refusedAt }] of entries) {
      const ends = [kept?.expiresAt, failure?.until, refusedAt + REFUSED_AGAIN_MS];
      if (getting === undefined && ends.every((end) => end === undefined || end <= now)) entries.delete(key);
    }
  }

  function replace(kept: Kept | undefined): void {
    if (kept === undefined) return;
    replaced.push(kept.value);
    if (replaced.length > REPLACED_MAX) replaced.shift();
  }

  async function got(key: string, entry: Entry, get: () => Promise<Kept>): Promise<string> {
    try {
      const kept = await get();
      if (entry.kept?.value !== kept.value) replace(entry.kept);
      // Its place was needed while it was got: it is used all the same, once.
      if (entries.get(key) !== entry) replace(kept);
      entry.kept = kept;
      entry.failure = undefined;
      return kept.value;
    } catch (error) {
      entry.failure = { error, until: Date.now() + FAILED_MS };
      throw error;
    } finally {
      entry.getting = undefined;
    }
  }

  return {
    value(key, get, signal) {
      const entry = entryOf(key);
      const now = Date.now();
      if (entry.kept !== undefined && now < entry.kept.expiresAt) return entry.kept.value;
      if (entry.failure !== undefined && now < entry.failure.until) throw again(entry.failure.error);
      entry.getting ??= got(key, entry, get);
      return untilAborted(entry.getting, signal);
    },
    refused(key, value) {
      const entry = entries.get(key);
      if (entry?.kept?.value !== value) return true;
      if (Date.now() - entry.refusedAt < REFUSED_AGAIN_MS) return false;
      entry.refusedAt = Date.now();
      replace(entry.kept);
      entry.kept = undefined;
      return true;
    },
    *values() {
      for (const { kept } of entries.values()) if (kept !== undefined) yield kept.value;
      yield* replaced;
    },
  };
}

/** One error object for each call: what one caller's path adds to it must not show up in another's. */
function again(error: unknown): unknown {
  return error instanceof UpstreamError ? new UpstreamError(error.code) : error;
}
