import { RE2JS } from "re2js";

/** Longest pattern that is read, in UTF-16 code units. Real ones are below 300. */
const MAX_PATTERN = 1000;

export interface Pattern {
  test(text: string): boolean;
}

/**
 * Compiles a document's pattern for RE2, which needs time linear in the text, or says `undefined`: too long, not a pattern, or one that needs
 * backtracking (look-around, back-references). `^(a+)+$` stops a JavaScript engine for minutes on 40 characters (CWE-1333).
 */
export function createPatterns(): (source: string) => Pattern | undefined {
  const known = new Map<string, Pattern | undefined>();
  return (source) => {
    if (!known.has(source)) known.set(source, compile(source));
    return known.get(source);
  };
}

function compile(source: string): Pattern | undefined {
  if (source.length > MAX_PATTERN) return undefined;
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source));
  } catch {
    return undefined;
  }
}
