import { folded } from "../fold.ts";
import { type Compiled, compileRead } from "./compile.ts";
import type { Connection } from "./connection.ts";
import { prepareRows, quoted } from "./engine.ts";

/** A column of a result whose values are the table's INTEGER PRIMARY KEY. */
export interface Keyset {
  readonly index: number;
  readonly name: string;
}

/** The result's column that holds such a key, by what SQLite says each column comes from. */
export function keyColumn(connection: Connection, { columns, origins }: Compiled): Keyset | undefined {
  const index = origins.findIndex(
    (origin) => origin !== undefined && isRowKey(connection, origin.table, origin.column),
  );
  const name = columns[index]?.name;
  const alone = name !== undefined && columns.filter((each) => folded(each.name) === folded(name)).length === 1;
  return alone ? { index, name } : undefined;
}

function isRowKey({ catalogue, policy }: Connection, table: string, column: string): boolean {
  const relation = catalogue.get(folded(table));
  const access = policy.get(folded(table));
  const keys = relation?.columns.filter((each) => each.key > 0) ?? [];
  const clear = access?.kind === "open" || (access?.kind === "restricted" && access.plain.has(folded(column)));
  return (
    relation?.kind === "table" &&
    clear &&
    !relation.withoutRowid &&
    keys.length === 1 &&
    folded(keys[0]?.name ?? "") === folded(column) &&
    keys[0]?.declared.toUpperCase() === "INTEGER"
  );
}

/**
 * Whether the engine walks one table in the order of its key and does nothing else: then every row has a key of its own, and what
 * follows a page is exactly what lies past its last key.
 */
export function walksByKey(connection: Connection, { sql }: Compiled): boolean {
  const plan = connection.gate.as("compile", () =>
    prepareRows(connection.engine, `explain query plan ${sql}`).all(),
  ) as unknown as unknown[][];
  const detail = String(plan[0]?.[3]);
  return (
    plan.length === 1 && /^(?:SCAN|SEARCH) /.test(detail) && !/ USING (?!INTEGER PRIMARY KEY)|VIRTUAL/.test(detail)
  );
}

/** The statement for the rows past a key, in the same order; it goes through the gate like any other. */
export function compilePast(connection: Connection, compiled: Compiled, key: Keyset, descending: boolean): Compiled {
  const inner = compiled.statement.sourceSQL.replace(/;\s*$/, "");
  const name = quoted(key.name);
  const [past, order] = descending ? ["<", "desc"] : [">", "asc"];
  return compileRead(connection, `select * from (\n${inner}\n) where ${name} ${past} ? order by ${name} ${order}`);
}
