import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { SqlError } from "../../errors.ts";

/** Where the next page starts: after a key, or after so many rows of the same statement. */
export type Position = { readonly after: string } | { readonly skip: number };

const MAC_BYTES = 16;
const MAX_LENGTH = 4096;

/**
 * A cursor: the position, signed together with what it belongs to. It holds no secret (a key that is masked or denied is never used)
 * and opens nothing: the statement is judged again.
 */
export interface CursorCodec {
  encode(position: Position, belongsTo: readonly unknown[]): string;
  /** @throws {SqlError} `cursor` */
  decode(cursor: string, belongsTo: readonly unknown[]): Position;
}

export function createCursorCodec(key: Uint8Array): CursorCodec {
  const mac = (body: Buffer, belongsTo: readonly unknown[]): Buffer => {
    const about = createHash("sha256").update(JSON.stringify(belongsTo)).digest();
    return createHmac("sha256", key).update(about).update(body).digest().subarray(0, MAC_BYTES);
  };
  return {
    encode(position, belongsTo) {
      const body = Buffer.from(JSON.stringify(position));
      return Buffer.concat([mac(body, belongsTo), body]).toString("base64url");
    },
    decode(cursor, belongsTo) {
      const bytes = Buffer.from(cursor.length > MAX_LENGTH ? "" : cursor, "base64url");
      const [given, body] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
      if (given.length !== MAC_BYTES || !timingSafeEqual(given, mac(body, belongsTo))) throw new SqlError("cursor");
      return JSON.parse(body.toString()) as Position;
    },
  };
}
