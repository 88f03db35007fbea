import { SqlError } from "../../errors.ts";
import type { EffectiveTable } from "../../rules/rules.ts";
import { folded } from "../fold.ts";
import type { VariantRules } from "../wire.ts";
import type { Catalogue, Column, Relation } from "./catalogue.ts";

/** How one relation of the file may be reached by a variant of the rules. */
export type Access =
  | { readonly kind: "hidden" }
  | { readonly kind: "open"; readonly relation: Relation; readonly write: readonly string[] }
  | {
      readonly kind: "restricted";
      readonly relation: Relation;
      readonly rule: EffectiveTable;
      /** What callers see, in order. */
      readonly visible: readonly Column[];
      /** Columns that views of the file may read as they are, in lower case; none where rows are filtered. */
      readonly plain: ReadonlySet<string>;
    };

export type Policy = ReadonlyMap<string, Access>;

const HIDDEN: Access = { kind: "hidden" };
const ALL_WRITES = ["insert", "update", "delete"];

/**
 * Decides every relation of the catalogue. What no rule names is hidden, and so is what SQLite keeps for itself.
 *
 * @throws {SqlError} `unavailable` where a rule names what the file no longer has: masks and denials that fit nothing protect nothing
 */
export function decide(catalogue: Catalogue, rules: VariantRules): Policy {
  const named = rules.tables && new Map(rules.tables.map(([name, rule]) => [folded(name), rule]));
  for (const name of named?.keys() ?? []) {
    if (!catalogue.has(name)) {
      throw new SqlError("unavailable", { cause: new Error(`a rule names ${name}, which the file no longer has`) });
    }
  }
  return new Map(
    [...catalogue].map(([name, relation]) => {
      const ownedBySqlite = relation.kind === "shadow" || relation.kind === "internal";
      if (ownedBySqlite) {
        return [name, HIDDEN];
      }
      if (named === null) {
        return [name, { kind: "open", relation, write: ALL_WRITES }];
      }
      const rule = named.get(name);
      return [name, rule === undefined ? HIDDEN : ruled(relation, rule)];
    }),
  );
}

function ruled(relation: Relation, rule: EffectiveTable): Access {
  const masks = lowered(Object.keys(rule.masks));
  const denied = lowered(rule.denied);
  const listed = rule.columns && lowered(rule.columns);
  const known = lowered(relation.columns.map((column) => column.name));
  for (const name of [...masks, ...denied, ...(listed ?? [])]) {
    if (!known.has(name)) {
      throw new SqlError("unavailable", { cause: new Error(`a rule names ${relation.name}.${name}, which is gone`) });
    }
  }
  // A generated column is computed from others, and SQLite raises no event for those: the rule must name it.
  const guarded = masks.size > 0 || denied.size > 0;
  const visible = relation.columns.filter(({ name, generated }) => {
    const lower = folded(name);
    return !denied.has(lower) && (listed ? listed.has(lower) : !(generated && guarded && !masks.has(lower)));
  });
  if (visible.length === 0) {
    return HIDDEN;
  }
  if (visible.length === relation.columns.length && masks.size === 0 && rule.filter === undefined) {
    return { kind: "open", relation, write: rule.write };
  }
  const plain = visible.map((column) => folded(column.name)).filter((name) => !masks.has(name));
  return { kind: "restricted", relation, rule, visible, plain: new Set(rule.filter === undefined ? plain : []) };
}

function lowered(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => folded(name)));
}
