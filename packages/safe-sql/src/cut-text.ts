/** Two quotes of JSON. */
const QUOTES = 2;

/** `text`, cut so that it needs at most `maxBytes` as JSON, with a mark at its end that says how many bytes of UTF-8 the whole has. */
export function cutText(text: string, maxBytes: number): string {
  const mark = `… [cut: ${Buffer.byteLength(text)} bytes]`;
  const room = Math.max(0, maxBytes - Buffer.byteLength(mark) - QUOTES);
  let kept = text.slice(0, room);
  for (let size = jsonBytes(kept); size > room && kept !== ""; size = jsonBytes(kept)) {
    kept = kept.slice(0, Math.min(kept.length - 1, Math.floor((kept.length * room) / size)));
  }
  // Half of a pair is no character.
  return kept.slice(0, /[\uD800-\uDBFF]$/.test(kept) ? -1 : undefined) + mark;
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - QUOTES;
}
