import { createPublicKey, hash, type KeyObject, verify } from "node:crypto";
import { AuditError } from "../errors.ts";

/** Signature type of plain Ed25519 (C2SP signed-note). */
const ED25519 = 1;
/** DER of a SubjectPublicKeyInfo for Ed25519 (RFC 8410), up to the 32 bytes of the key. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
/** A record's string holds 256 bytes, and a key stands in one whole. */
const MAX_NAME = 128;

/** A public key that signs notes, with the name it signs under: what a verifier needs, and all that it needs. */
export interface VerifierKey {
  readonly name: string;
  /** First four bytes of SHA-256(name || LF || 0x01 || key), in hexadecimal: a hint, not an identity. */
  readonly id: string;
  /** `NAME+ID+KEY`, the one line to hand to an auditor (C2SP signed-note, "Verifier keys"). */
  readonly text: string;
  verify(message: Buffer, signature: Buffer): boolean;
}

/**
 * @param key an Ed25519 key, public or private
 * @param name no spaces and no plus, printable ASCII, at most 128
 * @throws {AuditError} `invalid` for another kind of key, or a name that cannot stand in a note
 */
export function verifierKey(name: string, key: KeyObject): VerifierKey {
  if (key.asymmetricKeyType !== "ed25519") throw new AuditError("invalid", "a signing key must be an Ed25519 key");
  if (!isKeyName(name)) throw new AuditError("invalid", "the name of a signing key: printable ASCII, no space, no '+'");
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(SPKI.length);
  const typed = Buffer.concat([Buffer.of(ED25519), raw]);
  const id = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), typed]), "hex").slice(0, 8);
  return {
    name,
    id,
    text: `${name}+${id}+${typed.toString("base64")}`,
    verify: (message, signature) => verify(undefined, message, publicKey, signature),
  };
}

/** @throws {AuditError} `invalid`: no verifier key, a wrong id, or not Ed25519 */
export function parseVerifierKey(text: string): VerifierKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text);
  const typed = Buffer.from(match?.[3] ?? "", "base64");
  if (match === null || typed.length !== 33 || typed[0] !== ED25519) {
    throw new AuditError("invalid", "a public key is one line, NAME+ID+KEY, of an Ed25519 key");
  }
  const der = Buffer.concat([SPKI, typed.subarray(1)]);
  const key = verifierKey(match[1] ?? "", createPublicKey({ key: der, format: "der", type: "spki" }));
  if (key.text !== text) throw new AuditError("invalid", "the id of the public key does not belong to it");
  return key;
}

function isKeyName(name: string): boolean {
  return name.length <= MAX_NAME && /^[!-*,-~]+$/.test(name);
}
