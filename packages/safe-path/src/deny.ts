import { PathError } from "./errors.ts";
import { compileWildcard, type NameMatcher } from "./wildcard.ts";

/** A compiled deny list; segments are the names of a root-relative path, outermost first. */
export interface DenyList {
  /** A pattern names this path or something above it. */
  denies(segments: readonly string[]): boolean;
  /** The same question for the entries of one directory that is not denied itself, with the directory's part done once. */
  below(directory: readonly string[]): (name: string) => boolean;
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
  // `*.pem` and its kind are most of any list, and are looked up instead of tried one by one.
  const extensions = new Set<string>();
  const sequences: NameMatcher[][] = [];

  for (const pattern of patterns) {
    const names = parsePattern(pattern);
    if (names.length > 1) sequences.push(names.map(compileWildcard));
    else if (isExtension(names[0] ?? "")) extensions.add((names[0] ?? "").slice(1));
    else if (pattern.includes("*")) wildcards.push(compileWildcard(names[0] ?? ""));
    else literals.add(names[0] ?? "");
  }

  function deniesName(name: string): boolean {
    if (literals.has(name)) return true;
    const dot = name.lastIndexOf(".");
    if (dot >= 0 && extensions.has(name.slice(dot))) return true;
    for (const matches of wildcards) if (matches(name)) return true;
    return false;
  }

  return {
    below(directory) {
      const parents = directory.map(foldName);
      const tails = sequences
        .filter((sequence) => endsWith(parents, sequence.slice(0, -1)))
        .map((sequence) => sequence.at(-1));
      return (name) => {
        const folded = foldName(name);
        return deniesName(folded) || tails.some((matches) => matches?.(folded) === true);
      };
    },
    denies(segments) {
      const folded = segments.map(foldName);
      return (
        folded.some(deniesName) || (folded.length > 1 && sequences.some((sequence) => containsRun(folded, sequence)))
      );
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

/** `*.ext` with one dot and nothing else special: then the part from a name's last dot decides. */
function isExtension(pattern: string): boolean {
  return /^\*\.[^.*]+$/.test(pattern);
}

function endsWith(names: readonly string[], matchers: readonly NameMatcher[]): boolean {
  const start = names.length - matchers.length;
  return start >= 0 && matchers.every((matches, offset) => matches(names[start + offset] ?? ""));
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
