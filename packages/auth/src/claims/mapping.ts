import { TokenError } from "../token-error.ts";
import { type Claims, isName, isObject, own } from "./claim.ts";

/** Which claim; a list leads into nested ones, such as `["realm_access", "roles"]`. Names are taken as they are. */
export type ClaimPath = string | readonly string[];

/** What an issuer's claims mean here. What is not mapped means nothing. */
export interface ClaimsMapping {
  /** The claim that names the tenant. A token without it is then refused. Default: tokens have no tenant. */
  readonly tenant?: ClaimPath;
  /** The claim that names the client. Default: `client_id`, then `azp`. */
  readonly client?: ClaimPath;
  /** The claim that lists groups or roles, as text or a list of texts, and the role that each of its values gives. */
  readonly roles?: { readonly claim: ClaimPath; readonly map: Readonly<Record<string, string>> };
}

/** @throws {TokenError} `claims`: it is missing, or is no name */
export function readTenant(claims: Claims, { tenant }: ClaimsMapping): string | undefined {
  if (tenant === undefined) return undefined;
  const name = follow(claims, tenant);
  // Without a tenant it would be outside of every one, and rules that keep tenants apart would not know it.
  if (!isName(name)) throw new TokenError("claims");
  return name;
}

/** @throws {TokenError} `claims`: it is there, but is no name */
export function readClient(claims: Claims, { client }: ClaimsMapping): string | undefined {
  const name = client === undefined ? (own(claims, "client_id") ?? own(claims, "azp")) : follow(claims, client);
  if (name === undefined || isName(name)) return name;
  throw new TokenError("claims");
}

/** @throws {TokenError} `claims`: it is there, but is no list of texts */
export function readRoles(claims: Claims, { roles }: ClaimsMapping): readonly string[] {
  const value = roles === undefined ? undefined : follow(claims, roles.claim);
  if (roles === undefined || value === undefined) return [];
  const groups: readonly unknown[] = Array.isArray(value) ? value : [value];
  const given = new Set<string>();
  for (const group of groups) {
    // A rule may forbid a role something: one that cannot be read is not the same as none.
    if (typeof group !== "string") throw new TokenError("claims");
    if (Object.hasOwn(roles.map, group)) given.add(String(roles.map[group]));
  }
  return [...given];
}

function follow(claims: Claims, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (const name of typeof path === "string" ? [path] : path) {
    value = isObject(value) ? own(value, name) : undefined;
  }
  return value;
}
