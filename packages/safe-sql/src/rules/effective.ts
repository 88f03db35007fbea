import type { EffectiveRules, EffectiveTable, MaskKind, MaskRule, SourceRules, TableRules } from "./rules.ts";

/** The rules as they hold for a caller with `roles`. Roles only ever lift a mask, a denial or a filter that names them. */
export function effectiveRules(rules: SourceRules, roles: readonly string[]): EffectiveRules {
  const tables =
    rules.tables === undefined
      ? undefined
      : new Map(
          Object.entries(rules.tables)
            .filter(([, table]) => table.roles === undefined || holdsOne(table.roles, roles))
            .map(([name, table]) => [name, effectiveTable(table, roles)]),
        );
  const functions = rules.functions ?? [];
  return { tables, functions, key: JSON.stringify([tables === undefined ? null : [...tables], functions]) };
}

function effectiveTable(table: TableRules, roles: readonly string[]): EffectiveTable {
  const holds = (exceptRoles: readonly string[] | undefined): boolean => !holdsOne(exceptRoles ?? [], roles);
  const filter = typeof table.filter === "string" ? { where: table.filter } : table.filter;
  return {
    columns: table.columns,
    denied: (table.deny ?? [])
      .map((rule) => (typeof rule === "string" ? { column: rule } : rule))
      .filter((rule) => holds(rule.exceptRoles))
      .map((rule) => rule.column),
    masks: Object.fromEntries(
      Object.entries(table.mask ?? {})
        .map(([column, rule]) => [column, maskRule(rule)] as const)
        .filter(([, rule]) => holds(rule.exceptRoles))
        .map(([column, { as, keepFirst = 0, keepLast = 0 }]) => [column, { as, keepFirst, keepLast }]),
    ),
    filter: filter !== undefined && holds(filter.exceptRoles) ? filter.where : undefined,
    write: table.write ?? [],
  };
}

function maskRule(rule: MaskKind | MaskRule): MaskRule {
  return typeof rule === "string" ? { as: rule } : rule;
}

function holdsOne(wanted: readonly string[], held: readonly string[]): boolean {
  return wanted.some((role) => held.includes(role));
}
