import { hash } from "node:crypto";

/** `prev` of a log's first record. */
export const GENESIS = "A".repeat(43);

/** A record ends in `,"hash":"<43>"}`: what stands before is hashed, byte for byte. */
export const HASH_OPEN = ',"hash":"';
export const HASH_CLOSE = '"}';
export const HASH_FIELD_BYTES = HASH_OPEN.length + GENESIS.length + HASH_CLOSE.length;

/**
 * RFC 6962 leaf hash, SHA-256(0x00 || body), base64url. The leading zero separates leaves from inner nodes, so the
 * records can become leaves of a Merkle tree without being hashed again.
 *
 * @param body the record up to, not including, `,"hash"`; pure ASCII
 */
export function leafHash(body: string): string {
  return hash("sha256", `\0${body}`, "base64url");
}
