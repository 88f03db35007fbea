import { TokenError } from "../token-error.ts";
import { type Claims, optional } from "./claim.ts";

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

const UNCHANGEABLE = { add: refuseChange, delete: refuseChange, clear: refuseChange };

/** `Object.freeze` leaves a set's content open, and one principal serves many calls: a scope added in one would stay. */
export function frozenSet(values: Iterable<string>): ReadonlySet<string> {
  return Object.freeze(Object.assign(new Set(values), UNCHANGEABLE));
}

function refuseChange(): never {
  throw new TypeError("what a principal may do is not changed");
}
