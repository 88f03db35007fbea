import type { ArgsRules, AuditArgs } from "../event.ts";
import { canonicalJson, canonicalWithout } from "./canonical.ts";
import type { Keyed } from "./hmac.ts";
import { compileRules } from "./rules.ts";
import { DROPPED, shapeOf } from "./shape.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Arguments as records have them: a digest over all but what is dropped, and of single fields what `rules` say.
 *
 * Only what the rules name is ever looked up, so that a name that a client made up cannot appear; and only own members,
 * so that none of it comes from a prototype.
 */
export function recordedArgs(hmac: (text: string) => Keyed, value: unknown, rules: ArgsRules | undefined): AuditArgs {
  if (rules === undefined || !isFields(value)) return hmac(canonicalJson(value));
  const { shown, drop, plain, hash } = compileRules(rules);
  const whole = hmac(drop.size === 0 ? canonicalJson(value) : canonicalWithout(value, drop));
  const shape: Record<string, string> = {};
  for (const { name, drop: isDropped } of shown) {
    if (has(value, name)) shape[name] = isDropped ? DROPPED : shapeOf(value[name]);
  }
  if (plain.length === 0 && hash.length === 0) return { digest: whole.digest, bytes: whole.bytes, shape };
  return {
    digest: whole.digest,
    bytes: whole.bytes,
    shape,
    plain: pick(value, plain, plainly),
    hashed: pick(value, hash, (field) => hmac(canonicalJson(field)).digest),
  };
}

function pick<T>(value: Fields, names: readonly string[], of: (field: unknown) => T): Record<string, T> | undefined {
  if (names.length === 0) return undefined;
  const out: Record<string, T> = {};
  for (const name of names) if (has(value, name)) out[name] = of(value[name]);
  return out;
}

/** Escaped and cut by whoever writes the record. */
function plainly(field: unknown): string | number | boolean {
  return typeof field === "string" || typeof field === "number" || typeof field === "boolean"
    ? field
    : canonicalJson(field);
}

function has(value: Fields, name: string): boolean {
  return Object.hasOwn(value, name) && value[name] !== undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
