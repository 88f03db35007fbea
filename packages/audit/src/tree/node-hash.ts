import { hash } from "node:crypto";

/** A SHA-256 hash as base64url without padding, 43 characters: the form it has in records. */
export type Hash = string;

/** RFC 6962, section 2.1: the hash of an empty tree is the hash of nothing. */
export const EMPTY_ROOT: Hash = hash("sha256", "", "base64url");

const input = Buffer.alloc(65);
input[0] = 1;

/**
 * RFC 6962 inner node, SHA-256(0x01 || left || right). Strings in and out: a digest as text costs 0.45 us here, as a
 * buffer 1.1 us.
 */
export function nodeHash(left: Hash, right: Hash): Hash {
  input.write(left, 1, 32, "base64url");
  input.write(right, 33, 32, "base64url");
  return hash("sha256", input, "base64url");
}
