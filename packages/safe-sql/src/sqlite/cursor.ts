import { createHmac, timingSafeEqual } from "node:crypto";
import { SqlError } from "../errors.ts";
import type { Resume } from "./wire.ts";

const MAC_BYTES = 16;

/**
 * A cursor is where to go on, with a code over that and over what it was given for. It is no secret: a key in it was in the page
 * before. A changed one, or one for another statement, caller or rules, is refused.
 *
 * @param bound what it holds for: statement, parameters, caller
 */
export function sealCursor(key: Uint8Array, bound: string, resume: Resume): string {
  const body = Buffer.from(JSON.stringify(resume));
  return Buffer.concat([code(key, bound, body), body]).toString("base64url");
}

/** @throws {SqlError} `cursor` */
export function openCursor(key: Uint8Array, bound: string, cursor: string): Resume {
  const bytes = Buffer.from(cursor.slice(0, 500), "base64url");
  const body = bytes.subarray(MAC_BYTES);
  const given = bytes.subarray(0, MAC_BYTES);
  if (given.length !== MAC_BYTES || !timingSafeEqual(given, code(key, bound, body))) {
    throw new SqlError("cursor");
  }
  return JSON.parse(body.toString()) as Resume;
}

function code(key: Uint8Array, bound: string, body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return createHmac("sha256", key).update(length).update(body).update(bound).digest().subarray(0, MAC_BYTES);
}
