import { TokenError } from "../token-error.ts";
import { type Claims, optional } from "./claim.ts";
import { frozenSet } from "./frozen-set.ts";

/** RFC 6749, section 3.3: `scope-token`. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

export function isScope(text: string): boolean {
  return SCOPE.test(text);
}

/** @throws {TokenError} `claims` */
export function readScopes(claims: Claims): ReadonlySet<string> {
  const text = optional(claims, "scope", (value) => typeof value === "string") ?? "";
  const scopes = text === "" ? [] : text.split(" ");
  if (!scopes.every(isScope)) throw new TokenError("claims");
  return frozenSet(scopes);
}
