import { isReadable } from "./text/readable.ts";

/** Longest template, in UTF-16 code units. */
const MAX_PATH = 1024;
const PLAIN_NAME = /^[A-Za-z0-9_.$@+*~:!-]{1,64}$/;
const NAME = /\{([^{}]*)\}/g;

/** The names in a path template, in their order, repeated ones too. */
export function namesOf(path: string): readonly string[] {
  return [...path.matchAll(NAME)].map(([, name]) => name ?? "");
}

/**
 * Why a template cannot be a path below the base URL, or `undefined`.
 *
 * The URL parser decides: whatever it reads differently from what is written (`//host/`, `/../`, `%2e%2e`, a backslash, a tab, `?`, `#`) could
 * lead elsewhere than the operator saw when allowing it.
 */
export function pathProblem(path: string): string | undefined {
  if (path.length > MAX_PATH) return `The path is longer than ${MAX_PATH} characters.`;
  const names = namesOf(path);
  const literal = path.replaceAll(NAME, "x");
  if (/[{}]/.test(literal)) return "The braces of the path do not fit.";
  // A model reads them in descriptions, an operator on a terminal.
  if (!names.every((name) => PLAIN_NAME.test(name) && isReadable(name)))
    return "A name in the path is no plain, short word.";
  if (new Set(names).size < names.length) return "A parameter stands in the path twice.";
  // Where one value ends and the next begins would be the model's choice.
  if (/\}\{/.test(path)) return "Two parameters of the path stand side by side.";
  if (literal.includes("//")) return "A segment of the path is empty.";
  if (/%(?:2f|5c|00)/i.test(literal)) return "The path holds an encoded slash, backslash or NUL.";
  return isReadAsWritten(literal) ? undefined : "A URL parser reads the path differently from how it is written.";
}

function isReadAsWritten(literal: string): boolean {
  const base = "https://base.invalid";
  if (!literal.startsWith("/") || !URL.canParse(base + literal)) return false;
  const url = new URL(base + literal);
  return url.href === base + literal && url.pathname === literal;
}
