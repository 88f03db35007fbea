import { hash } from "node:crypto";
import { DIGEST_DIGITS } from "../../rules/digest.ts";
import type { EffectiveTable } from "../../rules/rules.ts";
import { type Engine, quoted } from "./engine.ts";

type Mask = EffectiveTable["masks"][string];

const STARS = "'***'";

/**
 * The SQL expression that stands for a masked column. `partial` shows a fixed number of stars: their count would tell the length.
 *
 * @param hashName name of the function that {@link registerHash} made; a secret, so that nobody can hash guesses with it
 */
export function maskExpression(column: string, mask: Mask, hashName: string): string {
  const name = quoted(column);
  if (mask.as === "null") {
    return "null";
  }
  if (mask.as === "hash") {
    return `${quoted(hashName)}(${name})`;
  }
  const { keepFirst, keepLast } = mask;
  const text = `cast(${name} as text)`;
  const first = keepFirst > 0 ? `substr(${text}, 1, ${keepFirst}) || ` : "";
  const last = keepLast > 0 ? ` || substr(${text}, -${keepLast})` : "";
  return `case when ${name} is null then null when length(${text}) <= ${keepFirst + keepLast} then ${STARS} else ${first}${STARS}${last} end`;
}

/** Digests kept. Where more are needed they are computed again. */
const KEPT = 4096;
/** A longer text is not kept, so that all of them take no more than a few megabytes. */
const KEPT_LENGTH = 256;
/** RFC 2104: the key, filled up to a block of SHA-256, with each byte turned by this. */
const [BLOCK_BYTES, INNER, OUTER] = [64, 0x36, 0x5c];

/**
 * HMAC-SHA-256 of the value, its first 16 bytes in hex. Equal values have equal digests in every table, so that they join; what
 * SQLite compares as equal (5 and 5.0) is equal here too.
 *
 * Two one-shot hashes, since each `createHmac` leaves native memory behind that V8 does not see and so does not collect: 320,000 of
 * them, of a join of 400 rows with themselves, took a process past its limit of memory (measured).
 *
 * @param key at most 64 bytes
 */
export function registerHash(engine: Engine, name: string, key: Uint8Array): void {
  const [inner, outer] = [padded(key, INNER), padded(key, OUTER)];
  const digestOf = (value: unknown): string => {
    const text = value instanceof Uint8Array ? value : Buffer.from(String(value));
    const message = hash("sha256", Buffer.concat([inner, Buffer.from(kindOf(value)), text]), "buffer");
    return hash("sha256", Buffer.concat([outer, message]), "hex").slice(0, DIGEST_DIGITS);
  };
  const kept = new Map<unknown, string>();
  engine.function(name, { deterministic: true, directOnly: false, useBigIntArguments: true }, (value) => {
    if (value === null || value === undefined) {
      return null;
    }
    const known = kept.get(value);
    if (known !== undefined) {
      return known;
    }
    const digest = digestOf(value);
    if (!(value instanceof Uint8Array) && !(typeof value === "string" && value.length > KEPT_LENGTH)) {
      if (kept.size >= KEPT) {
        kept.clear();
      }
      kept.set(value, digest);
    }
    return digest;
  });
}

function padded(key: Uint8Array, pad: number): Buffer {
  return Buffer.alloc(BLOCK_BYTES, pad).map((byte, index) => byte ^ (key[index] ?? 0)) as Buffer;
}

function kindOf(value: unknown): string {
  return typeof value === "string" ? "text:" : value instanceof Uint8Array ? "blob:" : "number:";
}
