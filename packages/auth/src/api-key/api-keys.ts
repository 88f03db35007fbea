import { hash, timingSafeEqual } from "node:crypto";
import { AuthConfigError } from "../auth-config-error.ts";
import { frozenSet } from "../claims/frozen-set.ts";
import { isScope } from "../claims/scopes.ts";
import { refuseUnknownKeys } from "../options/known-keys.ts";
import { text } from "../options/values.ts";
import type { VerifiedToken } from "../token/verified-token.ts";
import { TokenError } from "../token-error.ts";
import type { ApiKeyEntry } from "./create-api-key.ts";
import { isKeyId, KEY_PREFIX, keyIdOf } from "./wire.ts";

/** The static keys of this server. */
export interface ApiKeys {
  /** Whether a credential is meant to be one of them; it is then nothing else. */
  isKey(credential: string): boolean;
  /** @throws {TokenError} `api-key` */
  verify(credential: string): VerifiedToken;
}

interface Known {
  readonly digest: Buffer;
  readonly token: VerifiedToken;
}

const KNOWN: Record<keyof ApiKeyEntry, true> = {
  id: true,
  hash: true,
  subject: true,
  client: true,
  tenant: true,
  scopes: true,
  roles: true,
  expiresAt: true,
};

const UNBOUND = Object.freeze({ jkt: undefined, x5t: undefined });

/** @throws {AuthConfigError} */
export function createApiKeys(entries: readonly ApiKeyEntry[]): ApiKeys {
  const keys = new Map<string, Known>();
  for (const [at, entry] of entries.entries()) {
    const what = `auth.apiKeys[${at}]`;
    refuseUnknownKeys(what, entry, KNOWN);
    if (!isKeyId(entry.id)) throw new AuthConfigError(`${what}.id must be 1 to 64 letters, digits and hyphens.`);
    if (keys.has(entry.id)) throw new AuthConfigError(`${what}.id is the id of another key as well.`);
    keys.set(entry.id, { digest: readDigest(what, entry.hash), token: readEntry(what, entry) });
  }

  return {
    isKey: (credential) => credential.startsWith(KEY_PREFIX),
    verify(credential) {
      const known = keys.get(keyIdOf(credential) ?? "");
      // The id is no secret. Of digests, even a comparison that leaks would tell nothing of a key; this one does not.
      const digest = hash("sha256", credential, "buffer");
      if (known === undefined || !timingSafeEqual(digest, known.digest)) throw new TokenError("api-key");
      return known.token;
    },
  };
}

function readDigest(what: string, value: unknown): Buffer {
  const [method, encoded = ""] = text(`${what}.hash`, value).split(":");
  const digest = Buffer.from(encoded, "base64url");
  if (method === "sha256" && digest.length === 32 && digest.toString("base64url") === encoded) return digest;
  throw new AuthConfigError(`${what}.hash must be "sha256:" and 43 characters of base64url, as createApiKey makes it.`);
}

function readEntry(what: string, entry: ApiKeyEntry): VerifiedToken {
  const { id, client, tenant, roles = [], scopes, expiresAt } = entry;
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === "string" && isScope(scope))) {
    throw new AuthConfigError(`${what}.scopes must be a list of scopes without spaces.`);
  }
  if (!Array.isArray(roles)) throw new AuthConfigError(`${what}.roles must be a list.`);
  return Object.freeze({
    principal: Object.freeze({
      issuer: "key",
      subject: text(`${what}.subject`, entry.subject),
      ...(client === undefined ? {} : { client: text(`${what}.client`, client) }),
      ...(tenant === undefined ? {} : { tenant: text(`${what}.tenant`, tenant) }),
      scopes: frozenSet(scopes),
      roles: Object.freeze(roles.map((role) => text(`${what}.roles`, role))),
      assurance: "key",
    }),
    expiresAt: expiresAt === undefined ? undefined : readInstant(`${what}.expiresAt`, expiresAt),
    issuedAt: undefined,
    jti: id,
    confirmation: UNBOUND,
  });
}

function readInstant(what: string, value: unknown): number {
  // A date without its offset would end at another hour on another machine.
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(text(what, value))
    ? Date.parse(String(value))
    : Number.NaN;
  if (Number.isNaN(time)) throw new AuthConfigError(`${what} must be a date and time such as 2027-01-31T00:00:00Z.`);
  return time;
}
