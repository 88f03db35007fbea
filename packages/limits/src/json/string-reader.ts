import { JsonError } from "./json-error.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** Up to this many units a loop beats a native search; keys and ids are short, payloads are not (measured). */
const SHORT = 48;

/** What is remembered from string to string of one text. */
export interface StringMemory {
  /** The next backslash at or after the last position asked; without it, hostile texts make the search quadratic. */
  backslash: number;
  /** Whether the last string had an escape. */
  escaped: boolean;
}

/**
 * Both next positions are remembered until passed: a search repeated from every escape would make a hostile text cost
 * the square of its length.
 *
 * @param quote position of the opening quote
 * @returns position of the closing quote
 * @throws {JsonError} `syntax`, `lone_surrogate`
 */
export function endOfString(text: string, quote: number, memory: StringMemory): number {
  memory.escaped = false;
  let at = quote + 1;
  let end = -1;
  for (;;) {
    const stop = Math.min(at + SHORT, text.length);
    while (at < stop) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) return at;
      if (unit === BACKSLASH) {
        memory.escaped = true;
        at = afterEscape(text, at);
      } else at++;
    }
    if (end < at) end = text.indexOf('"', at);
    if (end === -1) throw new JsonError("syntax", quote);
    if (memory.backslash < at) memory.backslash = indexOrInfinity(text.indexOf("\\", at));
    if (end < memory.backslash) return end;
    at = memory.backslash;
  }
}

/** What the string between the quotes says: `"a"` and `"\u0061"` are the same key. */
export function stringText(text: string, quote: number, end: number, memory: StringMemory): string {
  return memory.escaped ? resolveEscapes(text.slice(quote, end + 1), quote) : text.slice(quote + 1, end);
}

function indexOrInfinity(index: number): number {
  return index === -1 ? Number.POSITIVE_INFINITY : index;
}

/** Position after the escape at `slash`; both halves of an escaped pair are one step. */
function afterEscape(text: string, slash: number): number {
  if (text.charCodeAt(slash + 1) !== LETTER_U) return slash + 2;
  const unit = hexAt(text, slash);
  if (unit < 0xd800 || unit > 0xdfff) return slash + 6;
  const paired = unit < 0xdc00 && isLowEscape(text, slash + 6);
  // Engines disagree about half a pair: some keep it, some replace it, RFC 8785 refuses it.
  if (!paired) throw new JsonError("lone_surrogate", slash);
  return slash + 12;
}

function isLowEscape(text: string, slash: number): boolean {
  if (text.charCodeAt(slash) !== BACKSLASH || text.charCodeAt(slash + 1) !== LETTER_U) return false;
  const unit = hexAt(text, slash);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The code unit of the `\uXXXX` at `slash`. */
function hexAt(text: string, slash: number): number {
  const digits = text.slice(slash + 2, slash + 6);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
    throw new JsonError("syntax", slash);
  }
  return Number.parseInt(digits, 16);
}

function resolveEscapes(literal: string, offset: number): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    throw new JsonError("syntax", offset);
  }
}
