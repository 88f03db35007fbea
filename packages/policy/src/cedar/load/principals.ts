import { ASSURANCES, type Assurance, type Principal } from "@hardened-mcp/auth/principal";
import { refuseUnknownKeys } from "../../text/known-keys.ts";
import { didYouMean } from "../../text/nearest.ts";

/** A caller as `principals.json` writes it. */
interface PrincipalEntry {
  readonly issuer: string;
  readonly subject: string;
  readonly client?: string;
  readonly tenant?: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly assurance?: Assurance;
}

const KEYS: Readonly<Record<keyof PrincipalEntry, true>> = {
  issuer: true,
  subject: true,
  client: true,
  tenant: true,
  scopes: true,
  roles: true,
  assurance: true,
};

/**
 * Named callers for `explain` and `matrix`: `{ "alice": { "issuer", "subject", "scopes": [], "roles": [] } }`. They grant
 * nothing; a server never reads who is calling from here.
 *
 * @throws {TypeError} unknown keys, missing or wrong values
 */
export function parsePrincipals(json: unknown): ReadonlyMap<string, Principal> {
  return new Map(Object.entries(objectOf("principals.json", json)).map(([name, one]) => [name, parseOne(name, one)]));
}

function parseOne(name: string, json: unknown): Principal {
  const what = `The principal "${name}"`;
  const entry = objectOf(what, json);
  refuseUnknownKeys(what, entry, KEYS);
  const { client, tenant, assurance = "token" } = entry;
  const known = ASSURANCES.find((one) => one === assurance);
  if (known === undefined) {
    const near = typeof assurance === "string" ? didYouMean(assurance, ASSURANCES) : "";
    throw new TypeError(`${what}: "assurance" must be one of ${ASSURANCES.join(", ")}.${near}`);
  }
  return Object.freeze({
    issuer: textOf(what, "issuer", entry["issuer"]),
    subject: textOf(what, "subject", entry["subject"]),
    ...(client === undefined ? {} : { client: textOf(what, "client", client) }),
    ...(tenant === undefined ? {} : { tenant: textOf(what, "tenant", tenant) }),
    scopes: new Set(textsOf(what, "scopes", entry["scopes"])),
    roles: Object.freeze(textsOf(what, "roles", entry["roles"])),
    assurance: known,
  });
}

function objectOf(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TypeError(`${what} must be an object.`);
}

function textOf(what: string, key: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError(`${what} needs "${key}": text.`);
}

function textsOf(what: string, key: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new TypeError(`${what} needs "${key}": a list of texts, which may be empty.`);
}
