import { PathError } from "./errors.ts";
import { checkNames, type NameRules } from "./names.ts";

declare const safePath: unique symbol;

/**
 * A path relative to a root, `/`-separated, every name checked; the root itself is `.`.
 *
 * Only `Root.parse` and the handles of this package make one. It is a promise about spelling; where it leads is decided
 * at every open, by the kernel's answer.
 */
export type SafePath = string & { readonly [safePath]: true };

/** Paths remembered as accepted, for each root. */
const MAX_ACCEPTED = 1_000;

/** What `parsePath` needs to know of a root. */
export interface ParseRules extends NameRules {
  readonly maxPathBytes: number;
  /** Absolute spellings of the root: as the kernel names it, and as the operator wrote it. */
  readonly aliases: readonly string[];
  /** Paths that have passed these rules. */
  readonly accepted: Map<string, SafePath>;
}

/**
 * Reads a client's path: relative to the root, or absolute and lexically inside it.
 *
 * Empty and `.` segments are dropped, as the kernel would; nothing else is rewritten. No trimming, `~`, quotes or
 * percent-decoding: each of these made some server check one name and open another.
 *
 * @throws {PathError} `invalid_name`, `outside_root`, `too_long`, `too_deep`, `denied_name`
 */
export function parsePath(input: string, rules: ParseRules): SafePath {
  if (typeof input !== "string" || input === "") throw new PathError("invalid_name");
  // Before anything that costs by the character.
  if (input.length > rules.maxPathBytes || Buffer.byteLength(input) > rules.maxPathBytes) {
    throw new PathError("too_long");
  }
  const segments = isAbsolute(input, rules.windowsNames)
    ? stripRoot(splitPath(input), rules.aliases)
    : splitPath(input);
  if (segments === undefined) throw new PathError("outside_root");
  return acceptedPath(segments.join("/"), rules);
}

/**
 * Checks every name of a `/`-separated relative path and returns it as a SafePath. What was accepted once is accepted again
 * without another look: the rules of a root never change, and a client's path and the kernel's answer are mostly the same.
 *
 * @throws {PathError} what `checkNames` throws
 */
export function acceptedPath(relative: string, rules: ParseRules): SafePath {
  const known = rules.accepted.get(relative);
  if (known !== undefined) return known;
  const segments = splitPath(relative);
  checkNames(segments, rules);
  const path = joinPath(segments);
  // Forgetting everything now and then is enough of a bound, and costs nothing on the way.
  if (rules.accepted.size >= MAX_ACCEPTED) rules.accepted.clear();
  rules.accepted.set(relative, path);
  return path;
}

/** Names of a path; `.` and empty segments dropped. */
export function splitPath(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "" && segment !== ".");
}

/** The one place where checked names become a SafePath. */
export function joinPath(segments: readonly string[]): SafePath {
  return (segments.length === 0 ? "." : segments.join("/")) as SafePath;
}

/** The path below one of the root's absolute spellings; undefined when it is below none. */
export function stripRoot(segments: readonly string[], aliases: readonly string[]): readonly string[] | undefined {
  for (const alias of aliases) {
    const root = splitPath(alias);
    if (root.length <= segments.length && root.every((name, index) => name === segments[index])) {
      return segments.slice(root.length);
    }
  }
  return undefined;
}

function isAbsolute(input: string, windowsNames: boolean): boolean {
  return input.startsWith("/") || (windowsNames && /^[a-z]:\//i.test(input));
}
