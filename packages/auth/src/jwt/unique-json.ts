/**
 * Parses a JSON object, or gives `undefined`: bytes that are not UTF-8, not JSON, not an object, or that have the same
 * member twice at any depth. `JSON.parse` lets the last of two win where another parser takes the first, so a token
 * could be checked as one thing and read as another (RFC 7519, section 4; RFC 7515, section 4).
 */
export function parseUniqueJson(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    // A byte order mark stays in the text, where JSON.parse refuses it.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    // In text that has parsed, every colon outside a string belongs to one member; of equal ones the value keeps one.
    return membersWritten(text) === membersKept(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    // The message of JSON.parse quotes the text.
    return undefined;
  }
}

function membersWritten(json: string): number {
  let count = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (isInString && character === "\\") at++;
    else if (character === '"') isInString = !isInString;
    else if (character === ":" && !isInString) count++;
  }
  return count;
}

/** With a list instead of recursion: a token is long enough for thousands of nested arrays. */
function membersKept(root: object): number {
  let count = 0;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const inner: unknown[] = Object.values(value);
    if (!Array.isArray(value)) count += inner.length;
    for (const each of inner) open.push(each);
  }
  return count;
}
