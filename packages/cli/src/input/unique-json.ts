import { JsonError, parseStrictJson } from "@hardened-mcp/limits";

/** The reader of files has bounded the bytes; a manifest of a thousand tools has many small values. */
const LIMITS = { maxBytes: 8_388_608, maxDepth: 256, maxValues: 1_000_000 };

/**
 * A JSON object, or `undefined`: what the server would not parse either, such as an object with a member twice. An
 * explanation of another call than the one that is made is worse than none.
 */
export function parseUniqueJson(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseStrictJson(bytes, LIMITS);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}
