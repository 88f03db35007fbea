import type { SQLOutputValue } from "node:sqlite";

/** A value of SQLite as src/cells.ts says that an answer holds it. */
export function cell(value: SQLOutputValue): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : String(value);
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value;
}
