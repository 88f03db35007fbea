import type { EffectiveRules, EffectiveTable } from "../../rules/rules.ts";
import type { Catalog, Column, Relation } from "../catalog/catalog.ts";
import { createScope, type Scope } from "../gate/scope.ts";

/** A table as one caller sees it. */
export interface Visible {
  /** As it is written in SQL. */
  readonly name: string;
  readonly relation: Relation;
  readonly columns: readonly Column[];
  /** Absent: everything of it. */
  readonly rules: EffectiveTable | undefined;
}

/** What holds for all callers with the same effective rules. */
export interface Variant {
  readonly rules: EffectiveRules;
  /** Schema of the views that stand before restricted tables, and role that may read them. Absent: nothing is restricted. */
  readonly name: string | undefined;
  readonly tables: readonly Visible[];
  readonly scope: Scope<Visible>;
  readonly searchPath: string;
}

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
  const tables = visibleTables(catalog, schemas, rules).sort((a, b) => (a.name < b.name ? -1 : 1));
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

function visibleTables(catalog: Catalog, schemas: readonly string[], { tables }: EffectiveRules): Visible[] {
  if (tables === undefined) {
    return [...catalog.relations.values()].flatMap((relation) => {
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
      // A view reads with its owner's rights what stands behind it.
      .filter(({ relation }) => !relation.readsFrom.some((oid) => restricted.has(oid)))
      .map(({ relation, rules }) => ({
        name: shownName(relation, schemas, rules),
        relation,
        rules,
        columns: relation.columns.filter(
          ({ name }) => (rules.columns === undefined || rules.columns.includes(name)) && !rules.denied.includes(name),
        ),
      }))
  );
}

function shownName({ schema, name, isHidden }: Relation, schemas: readonly string[], rules?: EffectiveTable): string {
  // Only the view that stands before it can be named, and that without a schema.
  if (isRestricted(rules)) return name;
  return schema === schemas[0] && !isHidden ? name : `${schema}.${name}`;
}

/** Quoted, where it must be and where not. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
