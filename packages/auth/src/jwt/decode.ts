import { TokenError } from "../token-error.ts";
import { parseUniqueJson } from "./unique-json.ts";

type Json = Readonly<Record<string, unknown>>;

/** A token taken apart. Nothing in it is known to be true. */
export interface Unverified {
  readonly header: Json;
  readonly claims: Json;
}

/**
 * Takes a JWS in compact form apart. Five parts would be encrypted (JWE), whose content nobody has checked yet.
 *
 * @throws {TokenError} `malformed`
 */
export function decodeJwt(token: string): Unverified {
  const [header, claims, signature, ...more] = token.split(".");
  if (!header || !claims || !signature || more.length > 0) throw new TokenError("malformed");
  decodeBase64url(signature);
  return { header: decodeObject(header), claims: decodeObject(claims) };
}

function decodeObject(part: string): Json {
  const value = parseUniqueJson(decodeBase64url(part));
  if (value === undefined) throw new TokenError("malformed");
  return value;
}

/**
 * Decodes the one right spelling only. Node's decoder ignores what it does not know and drops spare bits, so that many
 * texts would be the same token to us and different ones to whoever compares or caches them.
 */
function decodeBase64url(part: string): Buffer {
  const bytes = Buffer.from(part, "base64url");
  if (bytes.toString("base64url") !== part) throw new TokenError("malformed");
  return bytes;
}
