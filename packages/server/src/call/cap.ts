import { truncateText } from "@hardened-mcp/limits";
import { unwritten } from "../define/written.ts";
import { refuse } from "../errors/call-error.ts";
import type { Operation } from "../operation.ts";

/** Room a cut text keeps for the words that say it was cut. */
const MIN_TEXT_BYTES = 64;

/**
 * Holds texts to `limit` bytes together, first ones first. Text is cut with a visible mark; base64 that does not fit is
 * refused, since half a picture is no picture.
 */
export function capTexts(
  parts: readonly (string | { readonly binary: number })[],
  limit: number,
): { readonly texts: readonly string[]; readonly bytes: number; readonly truncated: boolean } {
  let left = limit;
  let bytes = 0;
  let truncated = false;
  const texts = parts.map((part) => {
    if (typeof part !== "string") {
      if (part.binary > left) refuseTooLarge(limit);
      left -= part.binary;
      bytes += part.binary;
      return "";
    }
    const cut = truncateText(part, Math.max(left, MIN_TEXT_BYTES));
    const kept = cut.truncated ? Buffer.byteLength(cut.text) : cut.bytes;
    left -= kept;
    bytes += kept;
    truncated ||= cut.truncated;
    return cut.text;
  });
  return { texts, bytes, truncated };
}

/** An object and its JSON. */
export interface WrittenObject {
  readonly value: Record<string, unknown>;
  readonly json: string;
}

/** An object within its size, and the text form made from it. */
interface CappedObject extends WrittenObject {
  readonly text: string;
  readonly bytes: number;
  readonly truncated: boolean;
}

/** Cuts are guessed, since escaping makes a text longer by an unknown amount; each guess is nearer. */
const MAX_GUESSES = 6;

/**
 * Holds an object, as JSON and in its text form, to `limit` bytes each. An object cannot be cut without breaking its
 * schema, except at its longest top-level string, and there only where the schema agrees; else the answer is refused.
 */
export function capObject(
  { value, json }: WrittenObject,
  limit: number,
  { present, output }: Pick<Operation, "present" | "output">,
): CappedObject {
  const formsOf = (of: WrittenObject): CappedObject => {
    const text = present?.(unwritten(of.value)) ?? of.json;
    const bytes = Math.max(Buffer.byteLength(of.json), present === undefined ? 0 : Buffer.byteLength(text));
    return { ...of, text, bytes, truncated: of.value !== value };
  };
  const whole = formsOf({ value, json });
  if (whole.bytes <= limit) return whole;
  const [key, content] = longestString(value) ?? refuseTooLarge(limit);
  let room = Buffer.byteLength(content);
  let over = whole.bytes - limit;
  for (let guess = 0; guess < MAX_GUESSES; guess++) {
    // What is over, in bytes after escaping, taken off in the measure of the text itself.
    const escaped = Buffer.byteLength(JSON.stringify(truncateText(content, Math.max(room, MIN_TEXT_BYTES)).text));
    room = Math.floor(room * Math.min(0.99, 1 - over / escaped));
    if (room < MIN_TEXT_BYTES) break;
    const shorter = { ...value, [key]: truncateText(content, room).text };
    const cut = formsOf({ value: shorter, json: JSON.stringify(shorter) });
    over = cut.bytes - limit;
    if (over > 0) continue;
    if (output?.safeParse(cut.value).success === false) break;
    return cut;
  }
  refuseTooLarge(limit);
}

export function refuseTooLarge(limit: number): never {
  refuse("too_large", `The answer is larger than ${limit} bytes. Ask for less at a time.`, { rule: "result_bytes" });
}

function longestString(value: Record<string, unknown>): readonly [string, string] | undefined {
  let longest: readonly [string, string] | undefined;
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === "string" && item.length > (longest?.[1].length ?? 0)) longest = [key, item];
  }
  return longest;
}
