import { createHmac } from "node:crypto";
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

/**
 * HMAC-SHA-256 of the value, its first 16 bytes in hex. Equal values have equal digests in every table, so that they join; what
 * SQLite compares as equal (5 and 5.0) is equal here too.
 */
export function registerHash(engine: Engine, name: string, key: Uint8Array): void {
  engine.function(name, { deterministic: true, directOnly: false, useBigIntArguments: true }, (value) => {
    if (value === null || value === undefined) {
      return null;
    }
    const digest = createHmac("sha256", key).update(kindOf(value));
    return digest
      .update(value instanceof Uint8Array ? value : String(value))
      .digest("hex")
      .slice(0, 32);
  });
}

function kindOf(value: unknown): string {
  return typeof value === "string" ? "text:" : value instanceof Uint8Array ? "blob:" : "number:";
}
