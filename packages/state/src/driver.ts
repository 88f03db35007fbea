import type { Counted, Page } from "./store.ts";

/**
 * What a kind of store implements. Keys, values and times were checked above it ({@link checkedStore}), so that no driver
 * repeats that and none can forget it. Entries and counts are two spaces: a count is never read as an entry.
 */
export interface Driver {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string, ttlMs: number): Promise<void>;
  putIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  compareAndDelete(key: string, value: string): Promise<boolean>;
  increment(key: string, by: number, ttlMs: number): Promise<Counted>;
  /** At most `limit` entries whose key starts with `prefix` and comes after `after`, ordered by the bytes of the key. */
  list(prefix: string, after: string | undefined, limit: number): Promise<Page>;
  /** Removes the entry and the count. */
  delete(key: string): Promise<void>;
  /** A write that leaves nothing behind: a store that only reads is of no use here. */
  probe(): Promise<void>;
  close(): Promise<void>;
  /** Operations that it can have under way at once; `undefined`: any number. */
  readonly maxConcurrent?: number;
}

/** Rows of a listing, where one more than `limit` was asked for to see whether there is another page. */
export function pageOf(rows: Page["entries"], limit: number): Page {
  const entries = rows.slice(0, limit);
  return { entries, next: rows.length > limit ? entries.at(-1)?.key : undefined };
}
