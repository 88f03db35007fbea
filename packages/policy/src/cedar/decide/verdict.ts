import type { Rule } from "../load/rule.ts";

/** What the policies say of one call, before the scope is looked at. */
export interface Verdict {
  readonly effect: "allow" | "deny" | "approve";
  /** Ids of the rules that made it, or a rule of this package's own, such as `builtin/no-permit`. */
  readonly rule: string;
  readonly rules: readonly Rule[];
  /** For the client, where it can do something about it. Names of the schema only, nothing it wrote. */
  readonly message?: string;
}

/** Longest `rule` of a decision: it stands in every audit record. */
const MAX_RULE_LENGTH = 200;

/** Ids in one line, bounded; the order is that of the files. */
export function nameRules(ids: readonly string[]): string {
  let named = "";
  for (const [at, id] of ids.entries()) {
    const next = at === 0 ? id : `${named},${id}`;
    if (next.length > MAX_RULE_LENGTH && at > 0) return `${named},+${ids.length - at}`;
    named = next;
  }
  return named;
}

export function allowedBy(rules: readonly Rule[], needsApproval: boolean): Verdict {
  const waived = rules.every(({ approval }) => approval === "none");
  const required = rules.some(({ approval }) => approval === "required");
  const effect = required || (needsApproval && !waived) ? "approve" : "allow";
  return Object.freeze({ effect, rule: nameRules(rules.map(({ id }) => id)), rules });
}

export function deniedBy(rules: readonly Rule[]): Verdict {
  return Object.freeze({ effect: "deny", rule: nameRules(rules.map(({ id }) => id)), rules });
}

export function builtin(name: string, message?: string): Verdict {
  return { effect: "deny", rule: `builtin/${name}`, rules: [], ...(message === undefined ? {} : { message }) };
}

/** A rule could not be evaluated. Cedar passes over it, so a `forbid` would not forbid: nothing is allowed then. */
export function failedOn(rules: readonly Rule[]): Verdict {
  return Object.freeze({ effect: "deny", rule: nameRules(rules.map(({ id }) => `error/${id}`)), rules });
}
