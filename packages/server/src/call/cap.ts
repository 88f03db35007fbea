import { truncateText } from "@hardened-mcp/limits";
import { refuse } from "../errors/call-error.ts";

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
      if (part.binary > left) refuse("too_large", `The answer is larger than ${limit} bytes. Ask for less at a time.`);
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

/**
 * Holds an object and its text form to `limit` bytes of text. An object cannot be cut without breaking its schema, except
 * at its longest top-level string; where that does not help, the answer is refused.
 */
export function capObject(
  value: Record<string, unknown>,
  limit: number,
  present: ((output: unknown) => string) | undefined,
): {
  readonly value: Record<string, unknown>;
  readonly text: string;
  readonly bytes: number;
  readonly truncated: boolean;
} {
  const textOf = (of: Record<string, unknown>): string => present?.(of) ?? JSON.stringify(of);
  const text = textOf(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return { value, text, bytes, truncated: false };
  const longest = longestString(value);
  if (longest !== undefined) {
    const [key, content] = longest;
    const room = Buffer.byteLength(content) - (bytes - limit);
    if (room >= MIN_TEXT_BYTES) {
      const cut = { ...value, [key]: truncateText(content, room).text };
      const cutText = textOf(cut);
      const cutBytes = Buffer.byteLength(cutText);
      if (cutBytes <= limit + MIN_TEXT_BYTES) return { value: cut, text: cutText, bytes: cutBytes, truncated: true };
    }
  }
  refuse("too_large", `The answer is larger than ${limit} bytes. Ask for less at a time.`);
}

function longestString(value: Record<string, unknown>): readonly [string, string] | undefined {
  let longest: readonly [string, string] | undefined;
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === "string" && item.length > (longest?.[1].length ?? 0)) longest = [key, item];
  }
  return longest;
}
