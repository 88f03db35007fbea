import type { StateStore } from "./store.ts";

/** A small set that every replica sees: switches, revocations. Read on every call, changed rarely. */
export interface SharedSet {
  /**
   * Brings the local copy up to date: one read of the set's version, and a listing only where that has changed.
   * `undefined` where nothing had to be waited for.
   *
   * The read starts after the call, so whatever was added before it is seen; calls at the same time share one read.
   *
   * @throws {StateError} `unavailable`: `entries` is what was last known; `tampered`
   */
  refresh(): Promise<void> | undefined;
  /** The local copy, by key; expired entries left out. */
  readonly entries: ReadonlyMap<string, string>;
  /** Milliseconds since the copy was last known to be true; `Infinity` before the first time. */
  ageMs(): number;
  /** Seen by the next `refresh` of every replica, this one included. */
  add(key: string, value: string, options: { readonly ttlMs: number }): Promise<void>;
  /** Whether it was there. */
  remove(key: string): Promise<boolean>;
}

/** Options of {@link createSharedSet}. */
export interface SharedSetOptions {
  readonly store: StateStore;
  /** Separates one set from another, such as `switches`: lower-case letters, digits and dashes, at most 32. */
  readonly name: string;
  /** The set is listed again after this time even if its version stands, so that a lost change heals. 30,000 */
  readonly maxAgeMs?: number;
}
