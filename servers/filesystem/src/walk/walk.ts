import { type EntryType, type ListedEntry, type OpenDirectory, PathError } from "@hardened-mcp/safe-path";
import type { List } from "./listings.ts";

/** Something a walk has found. */
export interface WalkedEntry {
  /** Open for as long as the walk stands at this entry. */
  readonly parent: OpenDirectory;
  /** Names of the directories between the start and the parent, the parent included. */
  readonly above: readonly string[];
  readonly name: string;
  readonly type: EntryType;
}

/** What a walk could not see; said in the answer, because a part must not look like the whole. */
export interface WalkGaps {
  /** Directories that could not be opened: no permission, too deep, gone or swapped meanwhile. */
  unopened: number;
  /** Directories with more entries than are looked at. */
  cut: number;
}

export interface WalkOptions {
  /** Go on after this path. */
  readonly after?: readonly string[] | undefined;
  /** Begin with `after` itself. */
  readonly inclusive?: boolean;
  /** Leave out an entry and everything below it. */
  readonly leaveOut?: (above: readonly string[], name: string) => boolean;
  /** Levels below the start; 1 is the start's own entries. */
  readonly maxDepth?: number;
  readonly list: List;
  readonly gaps: WalkGaps;
}

interface Level {
  readonly directory: OpenDirectory;
  readonly above: readonly string[];
  readonly entries: readonly ListedEntry[];
  /** The part of `after` that still steers this level. */
  readonly after: readonly string[] | undefined;
  next: number;
}

/**
 * Everything below a directory, by name, a directory before what it holds. By descriptor, one directory at a time, and
 * links are never followed: what is swapped in meanwhile cannot lead outside, and a walk visits each directory once.
 *
 * @param start stays the caller's to close
 */
export function* walk(start: OpenDirectory, options: WalkOptions): Generator<WalkedEntry, void> {
  const levels: Level[] = [];
  try {
    levels.push(enter(start, [], options.after, options));
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const entry = level.entries[level.next++];
      if (entry === undefined) {
        levels.pop();
        if (level.directory !== start) level.directory.close();
        continue;
      }
      const { name, type } = entry;
      const { above } = level;
      if (options.leaveOut?.(above, name)) continue;
      const seen = level.after?.[0] === name;
      if (!seen || (options.inclusive && level.after?.length === 1))
        yield { parent: level.directory, above, name, type };
      if (type !== "directory" || levels.length === options.maxDepth) continue;
      const child = openChild(level.directory, name, options.gaps);
      const after = seen ? level.after?.slice(1) : undefined;
      if (child !== undefined) levels.push(enter(child, [...above, name], after, options));
    }
  } finally {
    for (const { directory } of levels) if (directory !== start) directory.close();
  }
}

/** Lists a directory, less what lies before `after`. Closes a child that cannot be listed. */
function enter(
  directory: OpenDirectory,
  above: readonly string[],
  after: Level["after"],
  { list, gaps }: WalkOptions,
): Level {
  const [from] = after ?? [];
  try {
    const { entries, cut } = list(directory);
    if (cut) gaps.cut++;
    const left = from === undefined ? entries : entries.filter(({ name }) => name >= from);
    return { directory, above, entries: left, after: from === undefined ? undefined : after, next: 0 };
  } catch (error) {
    if (above.length === 0 || !(error instanceof PathError)) throw error;
    directory.close();
    gaps.unopened++;
    return { directory, above, entries: [], after: undefined, next: 0 };
  }
}

function openChild(parent: OpenDirectory, name: string, gaps: WalkGaps): OpenDirectory | undefined {
  try {
    const child = parent.child(name);
    if (child.kind === "directory") return child;
    child.close();
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
  }
  gaps.unopened++;
  return undefined;
}

/** What the answer says of {@link WalkGaps}; empty when everything was seen. */
export function describeGaps({ unopened, cut }: WalkGaps): string {
  const parts: string[] = [];
  if (unopened > 0) parts.push(`${unopened} directories could not be opened`);
  if (cut > 0) parts.push(`${cut} directories have too many entries to look at all`);
  return parts.length === 0 ? "" : `[not everything was seen: ${parts.join("; ")}]`;
}
