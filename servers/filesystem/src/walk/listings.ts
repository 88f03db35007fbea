import type { OpenDirectory } from "@hardened-mcp/safe-path";
import { type SortedEntries, sortedEntries } from "./sorted-entries.ts";

/** Entries kept, all directories together; about 100 bytes each. */
const MAX_KEPT = 50_000;
/** Milliseconds a listing is kept at most, for file systems that give a directory no new time when it changes. */
const KEPT_MS = 1_000;
/**
 * A directory that changed this recently may change again within the same tick of its file system's clock (2 s on FAT),
 * unseen. An older one cannot: its next change gives it another time.
 */
const SETTLED_MS = 3_000;

interface Kept {
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly until: number;
  readonly listing: SortedEntries;
}

/** Lists open directories. */
export type Listings = (directory: OpenDirectory) => SortedEntries;

/**
 * Listings that remember: calls that come in a burst list the same directories again and again, at 1.2 ms per 1,000
 * entries. Only names are remembered, never a decision: the directory was opened and admitted anew, and its identity and
 * times come from that descriptor, taken before any name was read.
 *
 * One for each server; the deny list, which the listings are the result of, must be the same for all its roots.
 */
export function createListings(): Listings {
  const kept = new Map<string, Kept>();
  let total = 0;
  const forget = (key: string): void => {
    total -= kept.get(key)?.listing.entries.length ?? 0;
    kept.delete(key);
  };
  return function list(directory) {
    const { dev, ino, mtimeMs, ctimeMs } = directory.stat;
    // The path too: deny patterns such as `.git/config` depend on it.
    const key = `${dev}:${ino}:${directory.path}`;
    const found = kept.get(key);
    const now = performance.now();
    if (found?.modifiedMs === mtimeMs && found.changedMs === ctimeMs && now < found.until) return found.listing;
    forget(key);
    const listing = sortedEntries(directory);
    const count = listing.entries.length;
    if (Date.now() - Math.max(mtimeMs, ctimeMs) < SETTLED_MS || count > MAX_KEPT / 2) return listing;
    // The oldest go first: a Map keeps the order of insertion.
    for (const oldest of kept.keys()) {
      if (total + count <= MAX_KEPT) break;
      forget(oldest);
    }
    kept.set(key, { modifiedMs: mtimeMs, changedMs: ctimeMs, until: now + KEPT_MS, listing });
    total += count;
    return listing;
  };
}
