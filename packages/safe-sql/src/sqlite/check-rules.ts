import { SqlError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { SourceRules, TableRules } from "../rules/rules.ts";
import { NEVER_FUNCTIONS } from "./child/functions.ts";
import { folded } from "./fold.ts";
import type { CatalogueAnswer } from "./wire.ts";

/**
 * Holds every name in the rules against the database: a misspelled mask protects nothing.
 *
 * @throws {SqlError} `invalid_option` with the nearest name that exists
 */
export function checkRules(rules: SourceRules, { relations, functions }: CatalogueAnswer): void {
  const readable = relations.filter(({ kind }) => kind !== "shadow" && kind !== "internal");
  const byName = new Map(readable.map((relation) => [folded(relation.name), relation]));
  for (const name of rules.functions ?? []) {
    assertKnown("function", name, functions);
    if (NEVER_FUNCTIONS.has(folded(name))) {
      throw new SqlError("invalid_option", { hint: `the function ${name} can never be allowed` });
    }
  }
  const named = Object.keys(rules.tables ?? {});
  if (new Set(named.map((name) => folded(name))).size < named.length) {
    throw new SqlError("invalid_option", { hint: "a table is named twice in the rules" });
  }
  for (const [name, rule] of Object.entries(rules.tables ?? {})) {
    assertKnown(
      "table",
      name,
      readable.map((relation) => relation.name),
    );
    for (const column of columnsIn(rule)) {
      assertKnown(`column of ${name}`, column, byName.get(folded(name))?.columns ?? []);
    }
    checkMasks(name, rule);
    checkFilter(name, rule);
  }
}

const IDENTITIES = ["subject", "tenant", "issuer"];

/** `identity('tennant')` is null for everybody, and `is not` that would let every row through. */
function checkFilter(table: string, { filter }: TableRules): void {
  const where = typeof filter === "string" ? filter : (filter?.where ?? "");
  for (const [, which = ""] of where.matchAll(/\bidentity\s*\(\s*(?:'(.*?)'\s*\))?/gi)) {
    if (!IDENTITIES.includes(which)) {
      const hint = `the filter of ${table} asks for an identity that is none of ${IDENTITIES.join(", ")}`;
      throw new SqlError("invalid_option", { hint });
    }
  }
}

function columnsIn({ columns, deny, mask }: TableRules): string[] {
  const denied = (deny ?? []).map((rule) => (typeof rule === "string" ? rule : rule.column));
  return [...(columns ?? []), ...denied, ...Object.keys(mask ?? {})];
}

function checkMasks(table: string, { mask }: TableRules): void {
  for (const [column, rule] of Object.entries(mask ?? {})) {
    const { as, keepFirst = 0, keepLast = 0 } = typeof rule === "string" ? { as: rule } : rule;
    const whole = [keepFirst, keepLast].every((kept) => Number.isSafeInteger(kept) && kept >= 0 && kept <= 1000);
    if (!["null", "hash", "partial"].includes(as) || !whole) {
      throw new SqlError("invalid_option", { hint: `the mask of ${table}.${column} is none` });
    }
  }
}

function assertKnown(kind: string, name: string, known: readonly string[]): void {
  if (!known.some((each) => folded(each) === folded(name))) {
    const close = nearest(name, known);
    throw new SqlError("invalid_option", {
      hint: `no ${kind} ${name}${close === undefined ? "" : `; did you mean ${close}?`}`,
    });
  }
}
