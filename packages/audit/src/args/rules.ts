import { AuditError } from "../errors.ts";
import type { ArgsRules, FieldRule } from "../event.ts";

/** Every rule there is, for whoever has to name them. */
export const FIELD_RULES: readonly FieldRule[] = ["plain", "hash", "drop"];

/** {@link ArgsRules}, sorted by what is to be done. */
export interface CompiledRules {
  readonly shown: readonly { readonly name: string; readonly drop: boolean }[];
  readonly drop: ReadonlySet<string>;
  readonly plain: readonly string[];
  readonly hash: readonly string[];
}

const compiled = new WeakMap<ArgsRules, CompiledRules>();

/**
 * The rules of one tool, sorted; once only where they are frozen, since others may change.
 *
 * @throws {AuditError} `invalid` for a rule that does not exist: a misspelt `drop` must not let the value through
 */
export function compileRules(rules: ArgsRules): CompiledRules {
  const known = compiled.get(rules);
  if (known !== undefined) return known;
  const fields = Object.entries(rules.fields ?? {});
  for (const [name, rule] of fields) {
    if (!FIELD_RULES.includes(rule)) throw new AuditError("invalid", `${name}: no such rule for a field`);
  }
  const marked = (wanted: FieldRule): string[] => fields.filter(([, rule]) => rule === wanted).map(([name]) => name);
  const drop = new Set(marked("drop"));
  const made = {
    shown: (rules.names ?? []).map((name) => ({ name, drop: drop.has(name) })),
    drop,
    plain: marked("plain"),
    hash: marked("hash"),
  };
  if (Object.isFrozen(rules)) compiled.set(rules, made);
  return made;
}
