import { FileError } from "../errors.ts";
import { expandBraces } from "./braces.ts";
import { compileSegment, type SegmentMatcher } from "./segment.ts";

const MAX_LENGTH = 1024;

/** A compiled glob. */
export interface Glob {
  /** Whether the path `above/name` matches, relative to where the search began. */
  matches(above: readonly string[], name: string): boolean;
}

/**
 * Compiles a glob with the meaning it has in the official server (minimatch with `dot: true`): it is held against the whole
 * relative path, `*` stays within a name, `**` as a whole segment spans any number of them, names that begin with a dot are
 * no exception, and a leading `!` turns it around. The work of a match is bounded; nothing backtracks over segments either.
 *
 * @throws {FileError} `glob_long`, `glob_extended` for `+(a|b)` and its like, `glob_braces`
 */
export function compileGlob(pattern: string): Glob {
  if (pattern.length > MAX_LENGTH) throw new FileError("glob_long");
  if (/(?:^|[^\\])[+@?!*]\(/.test(pattern)) throw new FileError("glob_extended");
  const bangs = /^!*/.exec(pattern)?.[0].length ?? 0;
  const alternatives = expandBraces(pattern.slice(bangs)).map(compilePath);
  const negated = bangs % 2 === 1;
  return { matches: (above, name) => alternatives.some((matches) => matches(above, name)) !== negated };
}

type PathMatcher = Glob["matches"];

function compilePath(pattern: string): PathMatcher {
  // An absolute pattern would match nothing that is relative.
  if (pattern.startsWith("/")) return () => false;
  const segments = pattern.split("/").filter((segment) => segment !== "" && segment !== ".");
  // A `**` at the end wants at least one name; so says minimatch.
  if (segments.at(-1) === "**") segments.push("*");
  const runs = splitRuns(segments);
  const [head = [], ...rest] = runs;
  const tail = rest.pop();
  if (tail === undefined) {
    return (above, name) => above.length + 1 === head.length && fits(head, above, name, 0);
  }
  const [last] = tail;
  if (last !== undefined && tail.length === 1 && head.length === 0 && rest.length === 0) return (_, name) => last(name);
  return (above, name) => matchRuns(head, rest, tail, above, name);
}

/** Matchers between one `**` and the next. */
function splitRuns(segments: readonly string[]): readonly (readonly SegmentMatcher[])[] {
  const runs: SegmentMatcher[][] = [[]];
  for (const segment of segments) {
    if (segment === "**") runs.push([]);
    else runs.at(-1)?.push(compileSegment(segment));
  }
  return runs;
}

/** Head and tail are fixed to their ends; of each run between, the earliest fit is as good as any later one. */
function matchRuns(
  head: readonly SegmentMatcher[],
  middle: readonly (readonly SegmentMatcher[])[],
  tail: readonly SegmentMatcher[],
  above: readonly string[],
  name: string,
): boolean {
  const end = above.length + 1 - tail.length;
  if (head.length > end || !fits(head, above, name, 0) || !fits(tail, above, name, end)) return false;
  let from = head.length;
  for (const run of middle) {
    while (from + run.length <= end && !fits(run, above, name, from)) from++;
    if (from + run.length > end) return false;
    from += run.length;
  }
  return true;
}

function fits(run: readonly SegmentMatcher[], above: readonly string[], name: string, from: number): boolean {
  return run.every((matches, offset) => matches(above[from + offset] ?? name));
}
