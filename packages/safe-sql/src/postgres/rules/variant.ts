import type { EffectiveRules, EffectiveTable } from "../../rules/rules.ts";
import type { Catalog, Column, Relation } from "../catalog/catalog.ts";
import { createScope, type Scope, type Visible } from "../gate/scope.ts";
import { identifier } from "./identifier.ts";
import { isRestricted, shownColumns } from "./restricted.ts";

/** What holds for all callers with the same effective rules. */
export interface Variant {
  readonly rules: EffectiveRules;
  /** Schema of the views that stand before restricted tables, and role that may read them. Absent: nothing is restricted. */
  readonly name: string | undefined;
  readonly tables: readonly Visible[];
  readonly scope: Scope;
  readonly searchPath: string;
}

/** The relation that a name of the rules means. */
export function relationOf(catalog: Catalog, schemas: readonly string[], name: string): Relation | undefined {
  for (const schema of schemas) {
    const found = catalog.relations.get(`${schema}.${name}`);
    if (found !== undefined) return found;
  }
  const found = catalog.relations.get(name);
  return found !== undefined && schemas.includes(found.schema) ? found : undefined;
}

/** Builds it. @param name see {@link Variant.name} */
export function createVariant(
  catalog: Catalog,
  schemas: readonly string[],
  rules: EffectiveRules,
  name: string | undefined,
): Variant {
  const tables = visibleTables(catalog, schemas, rules, name).sort((a, b) => (a.name < b.name ? -1 : 1));
  const byName = new Map<string, Visible>();
  for (const one of tables) {
    const { schema, name, isHidden } = one.relation;
    // The table itself is out of reach where a view stands before it, and only the view has its short name.
    if (!isRestricted(one.rules)) byName.set(`${schema}.${name}`, one);
    if (!isHidden) byName.set(name, one);
  }
  const scope = createScope(catalog, schemas, rules.functions, (schema, table) =>
    byName.get(schema === undefined ? table : `${schema}.${table}`),
  );
  // pg_catalog first, so that nothing stands before what is built in; pg_temp last, which otherwise comes first unsaid.
  const path = ["pg_catalog", ...(name === undefined ? [] : [name]), ...schemas, "pg_temp"];
  return { rules, name, tables, scope, searchPath: path.map(identifier).join(", ") };
}

function visibleTables(
  catalog: Catalog,
  schemas: readonly string[],
  { tables }: EffectiveRules,
  variant: string | undefined,
): Visible[] {
  if (tables === undefined) {
    return [...catalog.relations.values()].flatMap((relation) => {
      if (!schemas.includes(relation.schema)) return [];
      const columns = relation.columns.filter((column) => column.readable);
      return columns.length === 0 ? [] : [{ name: shownName(relation, schemas), relation, columns, rules: undefined }];
    });
  }
  const found = [...tables].flatMap(([name, rules]) => {
    const relation = relationOf(catalog, schemas, name);
    return relation === undefined ? [] : [{ relation, rules }];
  });
  const restricted = new Set(found.filter(({ rules }) => isRestricted(rules)).map(({ relation }) => relation.oid));
  return (
    found
      // A view reads with the rights of its owner what stands behind it, and a table its heirs and partitions with its own.
      .filter(({ relation }) => !relation.readsFrom.some((oid) => restricted.has(oid)))
      .map(({ relation, rules }) => ({
        name: shownName(relation, schemas, rules),
        relation,
        rules,
        columns: visibleColumns(relation, rules, catalog.relations.get(`${variant}.${relation.name}`)),
      }))
  );
}

/** A column that was added since the view was made is not in the view. */
function visibleColumns(relation: Relation, rules: EffectiveTable, view: Relation | undefined): readonly Column[] {
  if (!isRestricted(rules)) return relation.columns;
  const inView = new Set(view?.columns.map(({ name }) => name));
  return shownColumns(relation, rules).filter(({ name }) => inView.has(name));
}

function shownName({ schema, name, isHidden }: Relation, schemas: readonly string[], rules?: EffectiveTable): string {
  // Only the view that stands before it can be named, and that without a schema.
  if (isRestricted(rules)) return name;
  return schema === schemas[0] && !isHidden ? name : `${schema}.${name}`;
}
