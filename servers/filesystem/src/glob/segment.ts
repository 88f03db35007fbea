import { readClass } from "./char-class.ts";

/** Says whether a whole name matches one segment of a glob. */
export type SegmentMatcher = (name: string) => boolean;

const STAR = Symbol("*");
const ANY = Symbol("?");
type Part = typeof STAR | typeof ANY | string | ((char: string) => boolean);

/**
 * Compiles one segment: `*`, `?`, `[...]`, `\` before a character that stands for itself.
 *
 * No regular expression is made of it. A star is widened one character at a time and only the last star is ever gone back
 * to, which is enough because a later star can take up whatever an earlier one might have: at most name times pattern steps.
 */
export function compileSegment(pattern: string): SegmentMatcher {
  const parts = tokenize([...pattern]);
  if (parts.every((part) => typeof part === "string")) {
    const literal = parts.join("");
    return (name) => name === literal;
  }
  const [first, ...rest] = parts;
  if (first === STAR && rest.every((part) => typeof part === "string")) {
    // `*.ts`, by far the most frequent; and a lone `*`, since a name is never empty.
    const suffix = rest.join("");
    return (name) => name.endsWith(suffix);
  }
  return (name) => matchParts(parts, [...name]);
}

function tokenize(pattern: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at] ?? "";
    if (char === "\\" && at + 1 < pattern.length) {
      parts.push(pattern[at + 1] ?? "");
      at += 2;
      continue;
    }
    const found = char === "[" ? readClass(pattern, at) : undefined;
    if (found !== undefined) parts.push(found.has);
    else if (char === "*") {
      if (parts.at(-1) !== STAR) parts.push(STAR);
    } else parts.push(char === "?" ? ANY : char);
    at = found?.end ?? at + 1;
  }
  return parts;
}

function matchParts(parts: readonly Part[], name: readonly string[]): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const current = parts[part];
    if (current === STAR) {
      star = part++;
      starAt = at;
    } else if (current !== undefined && matchesChar(current, name[at] ?? "")) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (parts[part] === STAR) part++;
  return part === parts.length;
}

function matchesChar(part: Part, char: string): boolean {
  if (typeof part === "function") return part(char);
  return part === ANY || part === char;
}
