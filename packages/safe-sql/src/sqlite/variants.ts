import { effectiveRules } from "../rules/effective.ts";
import type { EffectiveRules, SourceRules } from "../rules/rules.ts";
import type { Caller } from "../source.ts";
import type { Identity, VariantRules } from "./wire.ts";

/** The rules for each set of roles that matters, numbered: a process is told the rules once, and their number after that. */
export class Variants {
  readonly #rules: SourceRules;
  readonly #mentioned: ReadonlySet<string>;
  readonly #numbers = new Map<string, number>();
  readonly #byRoles = new Map<string, Variant>();

  constructor(rules: SourceRules) {
    this.#rules = rules;
    this.#mentioned = rolesIn(rules);
  }

  /** Only roles that the rules name make a variant, so callers cannot make them without end. */
  of(roles: readonly string[]): Variant {
    const matter = roles.filter((role) => this.#mentioned.has(role)).sort();
    const key = JSON.stringify(matter);
    const known = this.#byRoles.get(key);
    if (known !== undefined) {
      return known;
    }
    const variant = this.#number(effectiveRules(this.#rules, matter));
    this.#byRoles.set(key, variant);
    return variant;
  }

  #number(effective: EffectiveRules): Variant {
    const number = this.#numbers.get(effective.key) ?? this.#numbers.size;
    this.#numbers.set(effective.key, number);
    const tables = effective.tables === undefined ? null : [...effective.tables];
    return { number, key: effective.key, rules: { tables, functions: effective.functions } };
  }
}

export interface Variant {
  /** Of this process only: numbers are given as callers come. */
  readonly number: number;
  /** The same in every process with the same rules. */
  readonly key: string;
  readonly rules: VariantRules;
}

export function identityOf({ subject, tenant, issuer }: Caller): Identity {
  return { subject, tenant: tenant ?? null, issuer: issuer ?? null };
}

function rolesIn(rules: SourceRules): ReadonlySet<string> {
  const roles = new Set<string>();
  for (const table of Object.values(rules.tables ?? {})) {
    const filter = typeof table.filter === "string" ? undefined : table.filter;
    const excepted = [filter, ...(table.deny ?? []), ...Object.values(table.mask ?? {})];
    for (const rule of excepted) {
      const named = typeof rule === "object" ? (rule.exceptRoles ?? []) : [];
      for (const role of named) {
        roles.add(role);
      }
    }
    for (const role of table.roles ?? []) {
      roles.add(role);
    }
  }
  return roles;
}
