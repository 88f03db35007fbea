import type { ListedEntry, Listing, OpenDirectory } from "@hardened-mcp/safe-path";

/** Most entries of one directory that are looked at; sorting more would block other calls for too long. */
export const MAX_DIRECTORY_ENTRIES = 50_000;

/** The entries of a directory by name, in code unit order: the same on each call, which is what cursors rest on. */
export interface SortedEntries {
  readonly entries: readonly ListedEntry[];
  /** The directory has more than {@link MAX_DIRECTORY_ENTRIES}. */
  readonly cut: boolean;
}

export function sortedEntries(directory: OpenDirectory): SortedEntries {
  return sorted(directory.entries(MAX_DIRECTORY_ENTRIES));
}

/** The same, while other calls go on. */
export async function sortedEntriesSoon(directory: OpenDirectory): Promise<SortedEntries> {
  return sorted(await directory.entriesSoon(MAX_DIRECTORY_ENTRIES));
}

function sorted({ entries, truncated }: Listing): SortedEntries {
  return { entries: entries.toSorted(byName), cut: truncated };
}

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Said where {@link MAX_DIRECTORY_ENTRIES} was reached: a part must not look like the whole. */
export const CUT_NOTE = `[cut: only ${MAX_DIRECTORY_ENTRIES} entries of a directory are looked at]`;
