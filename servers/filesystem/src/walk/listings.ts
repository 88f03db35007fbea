import type { OpenDirectory } from "@hardened-mcp/safe-path";
import { type SortedEntries, sortedEntries, sortedEntriesSoon } from "./sorted-entries.ts";

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
export type List = (directory: OpenDirectory) => SortedEntries;

export interface Listings {
  /** At once: for walks, which go through many small directories. */
  readonly now: List;
  /** While other calls go on: for one directory that may be large. */
  soon(directory: OpenDirectory): SortedEntries | Promise<SortedEntries>;
}

/** Bytes of a directory up to which a trip to the thread pool costs more than the listing. */
const SMALL_DIRECTORY = 8 * 1024;

/**
 * Listings that remember: calls that come in a burst list the same directories again and again, at 1.2 ms per 1,000
 * entries. Only names are remembered, never a decision: the directory was opened and admitted anew, and its identity and
 * times come from that descriptor, taken before any name was read.
 *
 * One for each server; the deny list, which the listings are the result of, must be the same for all its roots.
 *
 * @param wallClock milliseconds since 1970, to compare with the times of directories
 */
export function createListings(wallClock: () => number = Date.now): Listings {
  const kept = new Map<string, Kept>();
  let total = 0;

  function forget(key: string): void {
    total -= kept.get(key)?.listing.entries.length ?? 0;
    kept.delete(key);
  }

  function find(directory: OpenDirectory): SortedEntries | undefined {
    const { mtimeMs, ctimeMs } = directory.stat;
    const found = kept.get(keyOf(directory));
    const isSame = found?.modifiedMs === mtimeMs && found.changedMs === ctimeMs && performance.now() < found.until;
    return isSame ? found.listing : undefined;
  }

  function keep(directory: OpenDirectory, listing: SortedEntries): SortedEntries {
    const key = keyOf(directory);
    forget(key);
    const { mtimeMs, ctimeMs } = directory.stat;
    const count = listing.entries.length;
    if (wallClock() - Math.max(mtimeMs, ctimeMs) < SETTLED_MS || count > MAX_KEPT / 2) return listing;
    // The oldest go first: a Map keeps the order of insertion.
    for (const oldest of kept.keys()) {
      if (total + count <= MAX_KEPT) break;
      forget(oldest);
    }
    kept.set(key, { modifiedMs: mtimeMs, changedMs: ctimeMs, until: performance.now() + KEPT_MS, listing });
    total += count;
    return listing;
  }

  const now: List = (directory) => find(directory) ?? keep(directory, sortedEntries(directory));
  return {
    now,
    soon(directory) {
      if (directory.stat.size <= SMALL_DIRECTORY) return now(directory);
      return find(directory) ?? sortedEntriesSoon(directory).then((listing) => keep(directory, listing));
    },
  };
}

/** The path too: deny patterns such as `.git/config` depend on it. */
function keyOf({ stat, path }: OpenDirectory): string {
  return `${stat.dev}:${stat.ino}:${path}`;
}
