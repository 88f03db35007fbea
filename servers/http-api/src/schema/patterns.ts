import { RE2JS } from "re2js";
import { spend, type Work } from "./work.ts";

/** Longest pattern that is read, in UTF-16 code units. Real ones are below 300. */
const MAX_PATTERN = 1000;

/**
 * Most instructions of a compiled pattern; `{1,512}` of a class of characters has about as many. The automaton that RE2 builds as it reads
 * takes time in their square: 2,000 took a second for the first text, a thousand 60 ms (measured).
 */
const MAX_PROGRAM = 1100;

export interface Pattern {
  /** @throws {TooMuchWork} */
  test(text: string): boolean;
}

/**
 * Compiles a document's pattern for RE2, which needs time linear in the text, or says `undefined`: too long, not a pattern, or one that needs
 * backtracking (look-around, back-references). `^(a+)+$` stops a JavaScript engine for minutes on 40 characters (CWE-1333).
 *
 * Linear is not little: what all texts of a check cost is bounded, too.
 */
export function createPatterns(work: Work): (source: string) => Pattern | undefined {
  const known = new Map<string, Pattern | undefined>();
  return (source) => {
    if (!known.has(source)) known.set(source, compile(source, work));
    return known.get(source);
  };
}

function compile(source: string, work: Work): Pattern | undefined {
  if (source.length > MAX_PATTERN) return undefined;
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(source));
    const size = pattern.programSize();
    return size > MAX_PROGRAM ? undefined : { test: (text) => tested(pattern, text, size, work) };
  } catch {
    return undefined;
  }
}

function tested(pattern: RE2JS, text: string, size: number, work: Work): boolean {
  spend(work, "matching", size * (text.length + 1));
  return pattern.test(text);
}
