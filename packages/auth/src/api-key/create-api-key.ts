import { hash, randomBytes, randomUUID } from "node:crypto";
import { AuthConfigError } from "../auth-config-error.ts";
import { isKeyId, KEY_PREFIX } from "./wire.ts";

/** One API key as the configuration knows it: who holds it, and a digest that does not give it away. */
export interface ApiKeyEntry {
  /** Names the key in records and revocations; 1 to 64 letters, digits and hyphens. */
  readonly id: string;
  /** `sha256:` and the digest of the whole key, in base64url. The key is 256 random bits: nothing slower is needed. */
  readonly hash: string;
  readonly subject: string;
  readonly client?: string;
  readonly tenant?: string;
  readonly scopes: readonly string[];
  readonly roles?: readonly string[];
  /** When it ends: a date and time with its offset, such as `2027-01-31T00:00:00Z`. Default: never. */
  readonly expiresAt?: string;
}

/** Whom a new key is for. */
export type NewApiKey = Omit<ApiKeyEntry, "id" | "hash"> & { readonly id?: string };

/**
 * Makes an API key of 256 random bits.
 *
 * @returns `key` for its holder, to be shown once and kept nowhere; `entry` for the server's configuration
 * @throws {AuthConfigError} an id with anything but letters, digits and hyphens
 */
export function createApiKey(options: NewApiKey): { readonly key: string; readonly entry: ApiKeyEntry } {
  const { id = randomUUID(), ...rest } = options;
  if (!isKeyId(id)) throw new AuthConfigError("An API key's id must be 1 to 64 letters, digits and hyphens.");
  const key = `${KEY_PREFIX}${id}_${randomBytes(32).toString("base64url")}`;
  return { key, entry: { id, hash: `sha256:${hash("sha256", key, "base64url")}`, ...rest } };
}
