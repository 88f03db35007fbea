import { PathError } from "./errors.ts";
import { compileWildcard, type NameMatcher } from "./wildcard.ts";

/** A compiled deny list; segments are the names of a root-relative path, outermost first. */
export interface DenyList {
  /** A pattern names this path or something above it. */
  denies(segments: readonly string[]): boolean;
  /**
   * The path is the upper part of a pattern such as `.git/config`: moving it away (`.git` to `g`) would take what is
   * below it out of the pattern's reach, and moving something onto it would plant a denied file.
   */
  guards(segments: readonly string[]): boolean;
}

/**
 * Compiles deny patterns (grammar: see `DEFAULT_DENY`).
 *
 * @throws {PathError} `invalid_option` for an empty pattern or segment, `.`/`..`, or a lone `*`, which would refuse all
 */
export function compileDeny(patterns: readonly string[]): DenyList {
  const literals = new Set<string>();
  const wildcards: NameMatcher[] = [];
  const sequences: NameMatcher[][] = [];

  for (const pattern of patterns) {
    const names = parsePattern(pattern);
    if (names.length > 1) sequences.push(names.map(compileWildcard));
    else if (pattern.includes("*")) wildcards.push(compileWildcard(names[0] ?? ""));
    else literals.add(names[0] ?? "");
  }

  return {
    denies(segments) {
      const folded = segments.map(foldName);
      for (const name of folded) {
        if (literals.has(name)) return true;
        for (const matches of wildcards) if (matches(name)) return true;
      }
      return folded.length > 1 && sequences.some((sequence) => containsRun(folded, sequence));
    },
    guards(segments) {
      const folded = segments.map(foldName);
      return sequences.some((sequence) => endsWithPartOf(folded, sequence));
    },
  };
}

/**
 * Folds a name so that every spelling a case-insensitive file system takes for the same name compares equal: ext4 with
 * casefold ignores case, composition and invisible code points, so `.sſh` and `.s\u200dsh` open `.ssh` there.
 */
export function foldName(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return name.toLowerCase();
  const visible = name.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  return visible.toUpperCase().toLowerCase();
}

function parsePattern(pattern: string): readonly string[] {
  const invalid = (why: string) => new PathError("invalid_option", new TypeError(`deny pattern ${why}`));
  if (typeof pattern !== "string") throw invalid("is not a string");
  const names = pattern.split("/").map(foldName);
  for (const name of names) {
    if (name === "" || name === "." || name === "..") throw invalid(`"${pattern}" has an empty, "." or ".." segment`);
  }
  if (names.every((name) => /^\*+$/.test(name))) throw invalid(`"${pattern}" would refuse every name`);
  return names;
}

function containsRun(names: readonly string[], sequence: readonly NameMatcher[]): boolean {
  for (let start = 0; start + sequence.length <= names.length; start++) {
    if (sequence.every((matches, offset) => matches(names[start + offset] ?? ""))) return true;
  }
  return false;
}

function endsWithPartOf(names: readonly string[], sequence: readonly NameMatcher[]): boolean {
  for (let length = 1; length < sequence.length && length <= names.length; length++) {
    const tail = names.slice(-length);
    if (tail.every((name, offset) => sequence[offset]?.(name) === true)) return true;
  }
  return false;
}
