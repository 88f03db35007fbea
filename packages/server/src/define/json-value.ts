import type { z } from "zod";
import { jsonSchemaPart, type PartChecked } from "./json-schema-part.ts";

/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

const MAX_DEPTH = 128;

/**
 * Any JSON, for an output whose form is not known beforehand: `null`, strings, finite numbers, booleans, arrays and plain objects. What JSON
 * would leave out or change without a word (`undefined`, `NaN`, a `Date`, whatever has a `toJSON`) is refused.
 *
 * @param options.maxDepth levels of arrays and objects; default 128
 */
export function jsonValue(options: { readonly maxDepth?: number } = {}): z.ZodType<JsonValue, JsonValue> {
  const { maxDepth = MAX_DEPTH } = options;
  return jsonSchemaPart<JsonValue>({
    schema: {},
    check: (value) => (isJson(value, maxDepth) ? { ok: true, value: value as JsonValue } : NOT_JSON),
  });
}

const NOT_JSON: PartChecked<never> = { ok: false, issues: [{ path: [], rule: "json", message: "must be plain JSON" }] };

function isJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      if (value === null) return true;
      if (depth === 0) return false;
      return Array.isArray(value) ? isJsonArray(value, depth - 1) : isJsonObject(value, depth - 1);
    default:
      return false;
  }
}

function isJsonArray(items: readonly unknown[], depth: number): boolean {
  // By index: a hole is `undefined` here, and `every` would pass over it.
  for (let at = 0; at < items.length; at++) if (!isJson(items[at], depth)) return false;
  return true;
}

function isJsonObject(value: object, depth: number): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (!isJson(member, depth)) return false;
  }
  return true;
}
