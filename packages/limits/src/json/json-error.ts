/**
 * Why a document was refused.
 *
 * - `too_large`, `too_deep`, `too_many_values`, `string_too_long` a limit of {@link JsonLimits}
 * - `invalid_utf8`, `byte_order_mark`, `lone_surrogate` not the UTF-8 that RFC 8259 section 8.1 asks for
 * - `syntax` not JSON
 * - `duplicate_key` two readers may disagree about which value counts (RFC 8259 section 4)
 * - `forbidden_key` the key `__proto__`
 * - `unsafe_number` a number that changes when read: beyond the range of a double, or an integer beyond 2^53 - 1
 * - `not_json` a value JSON cannot carry, only from `checkValue`
 */
export type JsonErrorCode =
  | "too_large"
  | "too_deep"
  | "too_many_values"
  | "string_too_long"
  | "invalid_utf8"
  | "byte_order_mark"
  | "lone_surrogate"
  | "syntax"
  | "duplicate_key"
  | "forbidden_key"
  | "unsafe_number"
  | "not_json";

const MESSAGES: Readonly<Record<JsonErrorCode, string>> = {
  too_large: "The JSON document is too large.",
  too_deep: "The JSON document is nested too deeply.",
  too_many_values: "The JSON document has too many values.",
  string_too_long: "The JSON document has a string that is too long.",
  invalid_utf8: "The JSON document is not valid UTF-8.",
  byte_order_mark: "The JSON document starts with a byte order mark.",
  lone_surrogate: "The JSON document has half of a surrogate pair.",
  syntax: "The text is not JSON.",
  duplicate_key: "The JSON document has an object with the same key twice.",
  forbidden_key: "The JSON document has the key __proto__.",
  unsafe_number: "The JSON document has a number that cannot be represented exactly.",
  not_json: "The value cannot be written as JSON.",
};

/**
 * A document was refused. The message is fixed text: the engine's own message quotes the input, and the input may hold
 * a secret or an instruction.
 */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly code: JsonErrorCode;
  /** Position in UTF-16 code units of the decoded text; `undefined` where the position is not known. */
  readonly offset: number | undefined;

  constructor(code: JsonErrorCode, offset?: number) {
    super(MESSAGES[code]);
    this.code = code;
    this.offset = offset;
  }
}
