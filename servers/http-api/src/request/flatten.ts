import type { Json } from "../model/json-schema.ts";
import { refuseArgument } from "./refuse-argument.ts";

/** A value as the styles of OpenAPI know it. */
export type Flat =
  | { readonly kind: "one"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [string, string])[] };

/**
 * A value in text. What is null, or holds nothing but nulls, is undefined, and undefined members are left out (RFC 6570, 3.2.1).
 *
 * @throws {CallError} a list or object inside another: OpenAPI gives no style for that, and each server guesses differently
 */
export function flatten(value: Json, argument: string): Flat | undefined {
  if (value === null) return undefined;
  if (typeof value !== "object") return { kind: "one", text: textOf(value, argument) };
  if (isList(value)) {
    const items = value.filter((item) => item !== null).map((item) => textOf(item, argument));
    return items.length === 0 ? undefined : { kind: "list", items };
  }
  const entries = Object.entries(value)
    .filter(([, member]) => member !== null)
    .map(([key, member]) => [wellFormed(key, argument), textOf(member, argument)] as const);
  return entries.length === 0 ? undefined : { kind: "map", entries };
}

/** @throws {CallError} a list or an object, or half of a surrogate pair */
export function textOf(value: Json, argument: string): string {
  if (typeof value === "string") return wellFormed(value, argument);
  if (typeof value === "object" && value !== null) {
    refuseArgument(
      argument,
      "holds a list or an object inside another, which cannot be written in this place.",
      "nested",
    );
  }
  return String(value);
}

/** `Array.isArray` does not tell readonly arrays apart. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Half of a surrogate pair has no UTF-8: it would arrive as another character than the one that was checked. */
export function wellFormed(text: string, argument: string): string {
  if (!text.isWellFormed()) refuseArgument(argument, "holds half of a surrogate pair.", "lone_surrogate");
  return text;
}
