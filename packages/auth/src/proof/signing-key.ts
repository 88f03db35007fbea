import { type CryptoKey, calculateJwkThumbprint, importJWK, type JWK } from "jose";

import { ALGORITHMS } from "../algorithms.ts";
import { TokenError } from "../token-error.ts";

/** The key that a proof has to be signed with. */
export interface SigningKey {
  readonly alg: string;
  /** Its RFC 7638 thumbprint. */
  readonly jkt: string;
  readonly key: CryptoKey;
}

/** Finds the key of a proof in its header. */
export interface SigningKeys {
  /**
   * @param text the header as it was sent: a client's proofs all have the same
   * @param boundTo thumbprint of the one key that may have signed
   * @throws {TokenError} `dpop-header`, `binding-mismatch`
   */
  find(text: string, header: Readonly<Record<string, unknown>>, boundTo: string): Promise<SigningKey>;
}

/** Asymmetric, and never `none` (RFC 9449, section 4.2). */
const SIGNED_WITH: ReadonlySet<unknown> = new Set(ALGORITHMS);

/** Members of a key that are not for anyone else: RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1; ML-DSA's `priv`. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/**
 * Remembers the keys it found, ready for use: thumbprint and import together cost as much as a signature. Only keys
 * that a verified token is bound to get that far, so nobody fills the memory with keys of their own making.
 *
 * @param max headers held; beyond it the one that came first goes, which costs its sender a little time
 */
export function createSigningKeys(max: number): SigningKeys {
  const known = new Map<string, SigningKey>();
  return {
    async find(text, header, boundTo) {
      const found = known.get(text);
      if (found !== undefined) return requireBound(found, boundTo);

      const { alg, jwk } = readHeader(header);
      const jkt = await thumbprint(jwk);
      requireBound({ jkt }, boundTo);
      const signingKey = { alg, jkt, key: await importPublic(alg, jwk) };
      const [first] = known.keys();
      if (known.size >= max && first !== undefined) known.delete(first);
      known.set(text, signingKey);
      return signingKey;
    },
  };
}

/** The sender chose the key: it counts for nothing until it is the one that the issuer bound the token to. */
function requireBound<T extends Pick<SigningKey, "jkt">>(signingKey: T, boundTo: string): T {
  if (signingKey.jkt !== boundTo) throw new TokenError("binding-mismatch");
  return signingKey;
}

function readHeader({ typ, alg, jwk, crit }: Readonly<Record<string, unknown>>): { alg: string; jwk: JWK } {
  if (typ !== "dpop+jwt" || typeof alg !== "string" || !SIGNED_WITH.has(alg) || crit !== undefined || !isObject(jwk)) {
    throw new TokenError("dpop-header");
  }
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) throw new TokenError("dpop-header");
  return { alg, jwk };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function thumbprint(jwk: JWK): Promise<string> {
  try {
    return await calculateJwkThumbprint(jwk, "sha256");
  } catch {
    throw new TokenError("dpop-header");
  }
}

async function importPublic(alg: string, jwk: JWK): Promise<CryptoKey> {
  try {
    const key = await importJWK(jwk, alg);
    if (!(key instanceof Uint8Array)) return key;
  } catch {
    // A key of another kind or curve than `alg` takes, or no key at all.
  }
  throw new TokenError("dpop-header");
}
