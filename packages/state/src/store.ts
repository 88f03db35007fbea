/** A count, and how long it still stands. */
export interface Counted {
  readonly value: number;
  /** Milliseconds until the count starts anew. */
  readonly expiresInMs: number;
}

/** One entry of a listing. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  /** Milliseconds until it expires, by the store's clock. */
  readonly expiresInMs: number;
}

/** One page of a listing. */
export interface Page {
  readonly entries: readonly Entry[];
  /** Where the next page starts (`after` of the next call); `undefined`: this was the last one. */
  readonly next: string | undefined;
}

/**
 * Where state lives that another replica needs: grants, limits, replay ids, revocations, switches.
 *
 * Keys are 1 to 512 bytes of UTF-8 text without NUL, values at most 64 KiB. Every entry expires, after 1 ms to 10 years; time
 * is the store's own, so the clocks of two replicas need not agree. Each operation is atomic. An entry and a count under the
 * same key are two things; only `delete` concerns both.
 *
 * @throws {StateError} `unavailable`: the store is away, and whether the operation was carried out is not known;
 * `tampered`: a value that this server did not write; `invalid`: a key, value or time outside the bounds
 */
export interface StateStore {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string, options: { readonly ttlMs: number }): Promise<void>;
  /** Whether it was put: of any number of callers, on any replica, exactly one is told `true`. */
  putIfAbsent(key: string, value: string, options: { readonly ttlMs: number }): Promise<boolean>;
  /** Whether it was there with exactly this value, and now is not: of any number of callers exactly one is told `true`. */
  compareAndDelete(key: string, value: string): Promise<boolean>;
  /** Adds `by` to a count that starts at 0; its time runs from the first addition and is not extended by later ones. */
  increment(key: string, by: number, options: { readonly ttlMs: number }): Promise<Counted>;
  /**
   * Entries whose key starts with `prefix`, counts left out, in the order of the UTF-8 bytes of their keys. `limit` is 100
   * unless told, at most 1000. Pages are read one after the other: an entry that stays throughout is never missed.
   */
  list(prefix: string, options?: { readonly after?: string; readonly limit?: number }): Promise<Page>;
  delete(key: string): Promise<void>;
  /** Lets go of connections and files; every later call is refused as `unavailable`. */
  close(): Promise<void>;
}
