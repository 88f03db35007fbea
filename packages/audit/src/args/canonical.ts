import { AuditError } from "../errors.ts";

const MAX_DEPTH = 128;

/**
 * Canonical JSON (RFC 8785 in spirit): members sorted by UTF-16 code units, no white space, so that equal values give
 * equal digests whatever order a client sent them in. Members that JSON leaves out (undefined, functions) are left out.
 * What a schema has made of the JSON is told apart too: dates and URLs by their JSON, maps and sets by their entries.
 *
 * @throws {AuditError} `invalid` deeper than 128 levels: arguments were already limited to 64 at the edge
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new AuditError("invalid", "value nested too deeply to be digested");
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value !== "object" || value === null) return "null";
  if (Array.isArray(value)) return canonicalList(value, depth);
  if (value instanceof Map || value instanceof Set) return canonicalList([...value], depth);
  // Only our own code makes values with methods: a client's `toJSON` is data, never a function.
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === "function") return canonicalJson(toJSON.call(value), depth + 1);
  return canonicalObject(value as Readonly<Record<string, unknown>>, depth);
}

/**
 * {@link canonicalJson} of an object less some of its own members.
 *
 * @param keys members to leave out
 */
export function canonicalWithout(value: Readonly<Record<string, unknown>>, keys: ReadonlySet<string>): string {
  return canonicalObject(value, 0, keys);
}

function canonicalList(items: readonly unknown[], depth: number): string {
  return `[${items.map((item) => canonicalJson(item, depth + 1)).join(",")}]`;
}

function canonicalObject(
  value: Readonly<Record<string, unknown>>,
  depth: number,
  without?: ReadonlySet<string>,
): string {
  let out = "";
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined || typeof member === "function" || typeof member === "symbol") continue;
    if (without?.has(key)) continue;
    out += `${out === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member, depth + 1)}`;
  }
  return `{${out}}`;
}
