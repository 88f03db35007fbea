import { JsonError, parseStrictJson } from "@hardened-mcp/limits";
import { ConfigError } from "../errors/config-error.ts";
import { findingsIn, isLock } from "./check-lock.ts";
import { LOCK_VERSION, type ToolsLock } from "./format.ts";

/** Thirty times what a thousand tools take (measured). */
export const MAX_LOCK_BYTES = 16 * 1024 * 1024;
const JSON_BOUNDS = { maxBytes: MAX_LOCK_BYTES, maxDepth: 8, maxValues: 500_000, maxStringLength: 1024 };
const MAX_FINDINGS = 10;

/**
 * @param file for the message
 * @throws {ConfigError} not JSON, a key twice or unknown, another version
 */
export function parseLock(bytes: Uint8Array, file: string): ToolsLock {
  let json: unknown;
  try {
    json = parseStrictJson(bytes, JSON_BOUNDS);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const place = error.offset === undefined ? "" : ` See character ${error.offset}.`;
    throw new ConfigError(`The tools lock ${file} is not fit to be read: ${error.message}${place}`);
  }
  refuseOtherVersion(json, file);
  if (isLock(json)) return json;
  const lines = findingsIn(json).slice(0, MAX_FINDINGS);
  throw new ConfigError(`The tools lock ${file} is not valid:\n- ${lines.join("\n- ")}`);
}

/** First, since everything else may be another in another version. */
function refuseOtherVersion(json: unknown, file: string): void {
  const version = typeof json === "object" && json !== null && "version" in json ? json.version : undefined;
  if (version === LOCK_VERSION) return;
  const said = typeof version === "number" ? `of version ${version}` : "without a version";
  throw new ConfigError(`The tools lock ${file} is ${said}; this server reads version ${LOCK_VERSION}.`);
}
