/**
 * A JSON object, or `undefined`: bytes that are not UTF-8, not JSON, not an object, or that have a member twice at any
 * depth. `JSON.parse` takes the last of two where the server refuses both, and an explanation of another call than the
 * one that is made is worse than none.
 */
export function parseUniqueJson(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    // In text that has parsed, every colon outside a string belongs to one member; of equal ones the value keeps one.
    return membersWritten(text) === membersKept(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function membersWritten(json: string): number {
  return json.replace(/"(?:[^"\\]|\\.)*"/gs, "").split(":").length - 1;
}

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
