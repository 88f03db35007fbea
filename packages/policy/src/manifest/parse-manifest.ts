import { EFFECTS, type Effect, isMilder } from "../effect.ts";
import { refuseUnknownKeys } from "../text/known-keys.ts";
import { didYouMean } from "../text/nearest.ts";
import type { ManifestMethod, ManifestOperation, MilderEffect, ServerManifest } from "./manifest.ts";

/** Bounds of a manifest. */
export const MANIFEST_LIMITS = { maxOperations: 2_000, maxNameLength: 128, maxScopeLength: 256 } as const;

const METHODS: readonly ManifestMethod[] = ["tools/call", "prompts/get", "resources/read"];
const MANIFEST_KEYS: Readonly<Record<keyof ServerManifest, true>> = { server: true, operations: true };
const OPERATION_KEYS: Readonly<Record<keyof ManifestOperation, true>> = {
  method: true,
  name: true,
  effect: true,
  scope: true,
  needsApproval: true,
  milder: true,
  inputSchema: true,
};
const MILDER_KEYS: Readonly<Record<keyof MilderEffect, true>> = { effect: true, needsApproval: true };

/**
 * Checks a manifest that came as JSON. What a tool's input schema says is for the Cedar schema to understand.
 *
 * @throws {TypeError} unknown or missing keys, wrong types, two operations of one name
 */
export function parseManifest(json: unknown): ServerManifest {
  const manifest = objectOf("The manifest", json);
  refuseUnknownKeys("The manifest", manifest, MANIFEST_KEYS);
  const server = nameOf(`The manifest's "server"`, manifest["server"]);
  const { operations } = manifest;
  if (!Array.isArray(operations)) throw new TypeError(`The manifest of ${server} needs a list "operations".`);
  if (operations.length > MANIFEST_LIMITS.maxOperations) {
    throw new TypeError(
      `The manifest of ${server} has more than ${MANIFEST_LIMITS.maxOperations} operations. Divide the server.`,
    );
  }
  const seen = new Set<string>();
  return {
    server,
    operations: operations.map((one, index) => {
      const operation = parseOperation(`Operation ${index + 1} of ${server}`, one);
      const key = `${operation.method} ${operation.name}`;
      if (seen.has(key)) throw new TypeError(`The manifest of ${server} has "${key}" twice. Rename one.`);
      seen.add(key);
      return operation;
    }),
  };
}

function parseOperation(what: string, json: unknown): ManifestOperation {
  const operation = objectOf(what, json);
  refuseUnknownKeys(what, operation, OPERATION_KEYS);
  const { needsApproval } = operation;
  if (typeof needsApproval !== "boolean") throw new TypeError(`${what} needs "needsApproval": true or false.`);
  const scope = operation["scope"];
  if (typeof scope !== "string" || scope === "" || scope.length > MANIFEST_LIMITS.maxScopeLength) {
    throw new TypeError(`${what} needs a "scope": text, such as "notes:read".`);
  }
  const effect = oneOf<Effect>(`${what}: "effect"`, operation["effect"], EFFECTS);
  const { milder } = operation;
  return {
    method: oneOf<ManifestMethod>(`${what}: "method"`, operation["method"], METHODS),
    name: nameOf(`${what}: "name"`, operation["name"]),
    effect,
    scope,
    needsApproval,
    ...(milder === undefined ? {} : { milder: parseMilder(what, effect, milder) }),
    inputSchema: objectOf(`${what}: "inputSchema"`, operation["inputSchema"]),
  };
}

/** @throws {TypeError} one of them is not milder, or there twice */
function parseMilder(what: string, declared: Effect, json: unknown): readonly MilderEffect[] {
  if (!Array.isArray(json)) throw new TypeError(`${what} needs a list "milder".`);
  const seen = new Set<Effect>();
  return json.map((one) => {
    const entry = objectOf(`${what}: "milder"`, one);
    refuseUnknownKeys(`${what}: "milder"`, entry, MILDER_KEYS);
    const effect = oneOf<Effect>(`${what}: "milder" effect`, entry["effect"], EFFECTS);
    const { needsApproval } = entry;
    if (typeof needsApproval !== "boolean")
      throw new TypeError(`${what}: "milder" needs "needsApproval": true or false.`);
    if (!isMilder(effect, declared) || seen.has(effect)) {
      throw new TypeError(`${what}: "${effect}" is not milder than "${declared}", or is there twice.`);
    }
    seen.add(effect);
    return { effect, needsApproval };
  });
}

function objectOf(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TypeError(`${what} must be an object.`);
}

function nameOf(what: string, value: unknown): string {
  if (typeof value === "string" && value !== "" && value.length <= MANIFEST_LIMITS.maxNameLength) return value;
  throw new TypeError(`${what} must be text of 1 to ${MANIFEST_LIMITS.maxNameLength} characters.`);
}

function oneOf<T extends string>(what: string, value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  const near = typeof value === "string" ? didYouMean(value, known) : "";
  throw new TypeError(`${what} must be one of ${known.join(", ")}.${near}`);
}
