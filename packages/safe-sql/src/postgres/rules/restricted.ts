import type { EffectiveTable } from "../../rules/rules.ts";
import type { Column, Relation } from "../catalog/catalog.ts";

/** Whether something of the table is hidden: it is then read through a view. */
export function isRestricted(rules: EffectiveTable | undefined): boolean {
  return (
    rules !== undefined &&
    (rules.columns !== undefined ||
      rules.denied.length > 0 ||
      Object.keys(rules.masks).length > 0 ||
      rules.filter !== undefined)
  );
}

/** Columns of a table that these rules show, each in the form they show it in. */
export function shownColumns({ columns }: Relation, rules: EffectiveTable): readonly Column[] {
  return columns.filter(
    ({ name }) => (rules.columns === undefined || rules.columns.includes(name)) && !rules.denied.includes(name),
  );
}
