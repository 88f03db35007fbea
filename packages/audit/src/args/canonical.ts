import { AuditError } from "../errors.ts";

const MAX_DEPTH = 128;

/**
 * Canonical JSON (RFC 8785 in spirit): members sorted by UTF-16 code units, no white space, so that equal values give
 * equal digests whatever order a client sent them in. Members that JSON leaves out (undefined, functions) are left out.
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
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(",")}]`;
  return canonicalObject(value as Readonly<Record<string, unknown>>, depth);
}

function canonicalObject(value: Readonly<Record<string, unknown>>, depth: number): string {
  let out = "";
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined || typeof member === "function" || typeof member === "symbol") continue;
    out += `${out === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member, depth + 1)}`;
  }
  return `{${out}}`;
}
