import type { JsonSchema } from "../model/json-schema.ts";

/** A schema that is no boolean: its keywords. */
export type SchemaNode = { readonly [keyword: string]: unknown };

/** How a document writes its schemas: 3.0 has `nullable` and ignores what stands beside `$ref`; 3.1 is JSON Schema 2020-12. */
export type Dialect = "3.0" | "3.1";

export function isNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isNode(value);
}

export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/** An own member; never one of `Object.prototype`, whatever the document calls its keys. */
export function own(node: SchemaNode, key: string): unknown {
  return Object.hasOwn(node, key) ? node[key] : undefined;
}

/** Sets an own member, also where the key is `__proto__`. */
export function put(target: Record<string, unknown>, key: string, value: unknown): void {
  // Defined, each costs twenty times as much, and the object is slow to write out ever after (measured).
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
