import type { JsonLimits } from "../defaults.ts";
import { JsonError } from "./json-error.ts";
import { createKeyLedger } from "./key-ledger.ts";
import { isExactNumber } from "./number.ts";
import { endOfString, type StringMemory, stringText } from "./string-reader.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COLON = 0x3a;

/** Longest literal that is exact whatever it says: `1e16` is the shortest that is not. */
const ALWAYS_EXACT = 3;
/** Longest literal that is exact when it has no exponent: 2^53 has sixteen digits. */
const EXACT_WITHOUT_EXPONENT = 15;
const EXPONENT = /[eE]/;
const PLAIN_INTEGER = /^-?[0-9]+$/;

/**
 * Bounds a JSON text in one linear pass without recursion.
 *
 * It does not decide what JSON is: `JSON.parse` does that afterwards. It only has to understand correctly every text
 * that `JSON.parse` accepts, and to stay linear on those it does not.
 *
 * @throws {JsonError} any code but `too_large`, `invalid_utf8`, `byte_order_mark` and `not_json`
 */
export function scanJson(text: string, limits: JsonLimits): void {
  const { maxDepth, maxValues, maxStringLength } = limits;
  const memory: StringMemory = { backslash: -1, escaped: false };
  const ledger = createKeyLedger();
  /** For each open container, whether it is an object. */
  const objects: boolean[] = [];
  let inObject = false;
  let expectKey = false;
  let values = 0;
  let at = 0;

  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(text, at, memory);
      if (end - at > maxStringLength + 1) throw new JsonError("string_too_long", at);
      if (expectKey) {
        ledger.add(stringText(text, at, end, memory), at);
        expectKey = false;
      } else if (++values > maxValues) throw new JsonError("too_many_values", at);
      at = end + 1;
    } else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) {
      if (++values > maxValues) throw new JsonError("too_many_values", at);
      objects.push(inObject);
      if (objects.length > maxDepth) throw new JsonError("too_deep", at);
      inObject = unit === OPEN_OBJECT;
      expectKey = inObject;
      if (inObject) ledger.open();
      at++;
    } else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) {
      const outer = objects.pop();
      if (outer === undefined || inObject !== (unit === CLOSE_OBJECT)) throw new JsonError("syntax", at);
      if (inObject) ledger.close();
      inObject = outer;
      expectKey = false;
      at++;
    } else if (unit === COMMA) {
      expectKey = inObject;
      at++;
    } else if (unit === COLON || unit <= 0x20) {
      at++;
    } else {
      if (++values > maxValues) throw new JsonError("too_many_values", at);
      const end = endOfScalar(text, at);
      checkNumber(text, at, end);
      at = end;
    }
  }
}

/** End of a number or a bare word: the next unit that separates values. */
function endOfScalar(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === COMMA || unit === CLOSE_OBJECT || unit === CLOSE_ARRAY || unit <= 0x20 || unit === COLON) break;
    if (unit === QUOTE || unit === OPEN_OBJECT || unit === OPEN_ARRAY) break;
    at++;
  }
  return at;
}

/** Bare words are left to `JSON.parse`: `Number` makes them NaN, and only numbers are judged here. */
function checkNumber(text: string, start: number, end: number): void {
  if (end - start <= ALWAYS_EXACT) return;
  const first = text.charCodeAt(start);
  if (first !== 0x2d && (first < 0x30 || first > 0x39)) return;
  const literal = text.slice(start, end);
  if (literal.length <= EXACT_WITHOUT_EXPONENT && !EXPONENT.test(literal)) return;
  const value = Number(literal);
  if (Number.isNaN(value)) throw new JsonError("syntax", start);
  if (!isExactNumber(value)) throw new JsonError("unsafe_number", start);
  if (PLAIN_INTEGER.test(literal) && !Number.isSafeInteger(value)) throw new JsonError("unsafe_number", start);
}
