import { hash } from "node:crypto";
import { StateError } from "@hardened-mcp/state";

import { parseUniqueJson } from "../jwt/unique-json.ts";
import {
  MAX_NAME_LENGTH,
  MAX_NOTE_LENGTH,
  nameOf,
  type Revocation,
  type RevocationTarget,
  targetName,
} from "./revocation.ts";

/** A key of fixed length, however long the names are. */
export function storeKey(target: RevocationTarget): string {
  return hash("sha256", targetName(target.kind, target.issuer, nameOf(target)), "base64url");
}

export function writeStored({ target, by, why, at, until }: Revocation): string {
  return JSON.stringify({ v: 1, kind: target.kind, issuer: target.issuer, name: nameOf(target), by, why, at, until });
}

/**
 * Reads an entry, or refuses the whole list: an entry that cannot be read may be the one that should have stopped a
 * caller.
 *
 * @throws {StateError} `tampered`
 */
export function readStored(key: string, text: string): Revocation {
  const { v, kind, issuer, name, by, why, at, until } = parseUniqueJson(Buffer.from(text)) ?? {};
  if (
    v === 1 &&
    isText(issuer, MAX_NAME_LENGTH) &&
    isText(name, MAX_NAME_LENGTH) &&
    isText(by, MAX_NOTE_LENGTH) &&
    isText(why, MAX_NOTE_LENGTH) &&
    Number.isSafeInteger(at) &&
    Number.isSafeInteger(until)
  ) {
    const target = readTarget(kind, issuer, name);
    // An entry put under another's key would hide that one.
    if (target !== undefined && storeKey(target) === key) {
      return { target, by, why, at: Number(at), until: Number(until) };
    }
  }
  throw new StateError(
    "tampered",
    `The revocation ${key} cannot be read, so no token can be cleared. Remove it from the store and revoke again.`,
  );
}

function readTarget(kind: unknown, issuer: string, name: string): RevocationTarget | undefined {
  switch (kind) {
    case "token":
      return { kind, issuer, jti: name };
    case "subject":
      return { kind, issuer, subject: name };
    case "client":
      return { kind, issuer, client: name };
    default:
      return undefined;
  }
}

export function isText(value: unknown, maxLength: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= maxLength;
}
