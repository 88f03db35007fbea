/** One `[...]` of a glob. */
export interface CharClass {
  readonly has: (char: string) => boolean;
  /** Index after the closing bracket. */
  readonly end: number;
}

const NAMED: Readonly<Record<string, RegExp>> = {
  alpha: /^\p{L}$/u,
  digit: /^\p{Nd}$/u,
  alnum: /^[\p{L}\p{Nd}]$/u,
  upper: /^\p{Lu}$/u,
  lower: /^\p{Ll}$/u,
  space: /^\s$/u,
  punct: /^\p{P}$/u,
  xdigit: /^[0-9A-Fa-f]$/u,
  word: /^[\p{L}\p{Nd}_]$/u,
};

/**
 * Reads the class that begins at `open`: ranges, `!` or `^` for all others, `[:alpha:]` and its like, a leading `]` as itself.
 *
 * @returns `undefined` when it is never closed; the bracket then stands for itself
 */
export function readClass(pattern: readonly string[], open: number): CharClass | undefined {
  const negated = pattern[open + 1] === "!" || pattern[open + 1] === "^";
  const first = open + (negated ? 2 : 1);
  const tests: ((char: string) => boolean)[] = [];
  let at = first;
  while (at < pattern.length && (pattern[at] !== "]" || at === first)) {
    const named = readNamed(pattern, at);
    if (named !== undefined) {
      tests.push((char) => named.test.test(char));
      at = named.end;
      continue;
    }
    const low = readChar(pattern, at);
    at = low.end;
    let high = low.char;
    if (pattern[at] === "-" && at + 1 < pattern.length && pattern[at + 1] !== "]") {
      const upper = readChar(pattern, at + 1);
      high = upper.char;
      at = upper.end;
    }
    tests.push((char) => char >= low.char && char <= high);
  }
  if (at >= pattern.length) return undefined;
  return { has: (char) => tests.some((test) => test(char)) !== negated, end: at + 1 };
}

function readChar(pattern: readonly string[], at: number): { readonly char: string; readonly end: number } {
  const escaped = pattern[at] === "\\" && at + 1 < pattern.length;
  const index = escaped ? at + 1 : at;
  return { char: pattern[index] ?? "", end: index + 1 };
}

function readNamed(
  pattern: readonly string[],
  at: number,
): { readonly test: RegExp; readonly end: number } | undefined {
  if (pattern[at] !== "[" || pattern[at + 1] !== ":") return undefined;
  const close = pattern.indexOf(":", at + 2);
  if (close < 0 || pattern[close + 1] !== "]") return undefined;
  const name = pattern.slice(at + 2, close).join("");
  const test = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  return test === undefined ? undefined : { test, end: close + 2 };
}
