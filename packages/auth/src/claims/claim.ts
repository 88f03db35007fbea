import { TokenError } from "../token-error.ts";

/** The claims of a token whose signature or introspection was good. Their types are still unknown. */
export type Claims = Readonly<Record<string, unknown>>;

const MAX_TEXT = 512;

/** A claim of the token itself: never what a name such as `constructor` finds on every object. */
export function own(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** @throws {TokenError} `claims`: it is there, but is something else */
export function optional<T>(claims: Claims, name: string, is: (value: unknown) => value is T): T | undefined {
  const value = own(claims, name);
  if (value === undefined || is(value)) return value;
  throw new TokenError("claims");
}

/** @throws {TokenError} `claims` */
export function required<T>(claims: Claims, name: string, is: (value: unknown) => value is T): T {
  const value = optional(claims, name, is);
  if (value === undefined) throw new TokenError("claims");
  return value;
}

/** Text that can name someone: not empty, bounded, and the same after it was written as UTF-8. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_TEXT && value.isWellFormed();
}

export function isObject(value: unknown): value is Claims {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
