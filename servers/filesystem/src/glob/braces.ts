import { FileError } from "../errors.ts";

const MAX_ALTERNATIVES = 64;

/**
 * Expands `{a,b}` as shells do, nested too. Bounded: twenty-two pairs of braces are four million patterns, which keep the
 * official server busy for good.
 *
 * @throws {FileError} `glob_braces` for more than 64 alternatives, or a range such as `{1..9}`
 */
export function expandBraces(pattern: string): readonly string[] {
  const open = indexOfUnescaped(pattern, "{", 0);
  if (open < 0) return [pattern];
  const group = readGroup(pattern, open);
  if (group === undefined) return prefixed(pattern.slice(0, open + 1), expandBraces(pattern.slice(open + 1)));
  const head = pattern.slice(0, open);
  const tails = expandBraces(pattern.slice(group.end));
  const inner = group.parts.length === 1 ? literalGroup(group.parts[0] ?? "") : group.parts.flatMap(expandBraces);
  if (inner.length * tails.length > MAX_ALTERNATIVES) throw new FileError("glob_braces");
  return inner.flatMap((one) => prefixed(head + one, tails));
}

/** A group without a comma is no alternative; minimatch takes it as written. */
function literalGroup(part: string): readonly string[] {
  if (/^-?\w+\.\.-?\w+(?:\.\.-?\w+)?$/.test(part)) throw new FileError("glob_braces");
  return expandBraces(part).map((one) => `{${one}}`);
}

function prefixed(head: string, tails: readonly string[]): readonly string[] {
  return tails.map((tail) => head + tail);
}

function readGroup(
  pattern: string,
  open: number,
): { readonly parts: readonly string[]; readonly end: number } | undefined {
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = from; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === "\\") at++;
    else if (char === "{") depth++;
    else if (char === "," && depth === 0) {
      parts.push(pattern.slice(from, at));
      from = at + 1;
    } else if (char === "}" && depth-- === 0) {
      parts.push(pattern.slice(from, at));
      return { parts, end: at + 1 };
    }
  }
  return undefined;
}

function indexOfUnescaped(text: string, wanted: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === wanted) return at;
  }
  return -1;
}
