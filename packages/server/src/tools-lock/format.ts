import { JsonError, parseStrictJson } from "@hardened-mcp/limits";
import { z } from "zod";
import { explainIssues } from "../config/explain.ts";
import { isClearName } from "../define/names.ts";
import { EFFECTS } from "../effect.ts";
import { ConfigError } from "../errors/config-error.ts";

export const LOCK_VERSION = 1;
/** Twenty times what a thousand tools take (measured). */
export const MAX_LOCK_BYTES = 16 * 1024 * 1024;
const JSON_BOUNDS = { maxBytes: MAX_LOCK_BYTES, maxDepth: 8, maxValues: 500_000, maxStringLength: 1024 };

const hash = z.string().regex(/^[\w-]{43}$/, "not a SHA-256 in base64url");
const name = z.string().refine(isClearName, "not a name that a server accepts");
// Shown to whoever reads a refusal: nothing that moves a cursor or hides.
const scope = z.string().regex(/^[\x21-\x7e]{1,128}$/, "not a scope");
const part = hash.exactOptional();

const tool = z.strictObject({
  effect: z.enum(EFFECTS),
  milder: z
    .string()
    .regex(/^[a-z]+(?:,[a-z]+)*$/, "not a list of effects")
    .exactOptional(),
  scope,
  definition: hash,
  title: part,
  description: hash,
  input: hash,
  output: part,
  annotations: hash,
  audit: part,
  pinned: part,
});
const prompt = z.strictObject({
  scope,
  definition: hash,
  title: part,
  description: hash,
  arguments: hash,
  audit: part,
});
const resource = z.strictObject({
  scope,
  definition: hash,
  uri: hash,
  description: hash,
  mimeType: part,
  audit: part,
});

const section = {
  /** `null`: there are none. */
  instructions: hash.nullable(),
  tools: z.record(name, tool),
  prompts: z.record(name, prompt),
  resources: z.record(name, resource),
};
const lockSchema = z.strictObject({
  version: z.literal(LOCK_VERSION),
  /** As it names itself to clients. */
  server: z.string().min(1).max(1024),
  ...section,
  allowWrite: z.strictObject(section).partial().exactOptional(),
});

/** What one way of starting offers. */
export type LockSection = Pick<z.output<typeof lockSchema>, "instructions" | "tools" | "prompts" | "resources">;

/** The definitions that were reviewed. `allowWrite` has what `--allow-write` adds, and what it makes another. */
export type ToolsLock = z.output<typeof lockSchema>;

/** Two-space JSON: one line for each part, so that a difference between versions reads like the change that it is. */
export function formatLock(lock: ToolsLock): string {
  return `${JSON.stringify(lock, undefined, 2)}\n`;
}

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
  const parsed = lockSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const lines = explainIssues(lockSchema, parsed.error.issues).slice(0, 10);
  throw new ConfigError(`The tools lock ${file} is not valid:\n- ${lines.join("\n- ")}`);
}

/** First, since everything else may be another in another version. */
function refuseOtherVersion(json: unknown, file: string): void {
  const version = typeof json === "object" && json !== null && "version" in json ? json.version : undefined;
  if (version === LOCK_VERSION) return;
  const said = typeof version === "number" ? `of version ${version}` : "without a version";
  throw new ConfigError(`The tools lock ${file} is ${said}; this server reads version ${LOCK_VERSION}.`);
}
