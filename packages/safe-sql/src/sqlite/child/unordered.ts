import { folded } from "../fold.ts";
import type { Relation } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import { quoted, rowsOf } from "./engine.ts";

/**
 * What stands after a table in our view over it, so that its rows do not come in the order of a column that is hidden.
 *
 * An index over a denied `ssn` holds the row's key as well: SQLite reads `select id from people` from that index alone, in the order of
 * `ssn`. No index is read alone that lacks a column of the statement: `1 or other` names one, and costs nothing, since SQLite never
 * computes it. Searches by index stay as fast as they were; `not indexed` is for an index that holds every column.
 *
 * @param plain names of columns that are read as they are, in the form of {@link folded}
 */
export function unordered({ engine, names }: Connection, relation: Relation, plain: ReadonlySet<string>): string {
  if (relation.kind !== "table") {
    return "where 1";
  }
  const about = (pragma: string, argument: string): unknown[][] =>
    rowsOf(engine, `pragma ${quoted(names.schema)}.${pragma}(${quoted(argument)})`);
  const outside = new Set<string>();
  for (const [, index] of about("index_list", relation.name)) {
    // -1 is the rowid, -2 an expression, which may hold any column.
    const parts = about("index_xinfo", String(index)).filter(([, column]) => column !== -1);
    const held = new Set(parts.map(([, column, name]) => (column === -2 ? "" : folded(String(name)))));
    if ([...held].every((name) => plain.has(name))) {
      continue;
    }
    const other = relation.columns.find(
      ({ name, generated }) => !generated && !held.has(folded(name)) && !isRowKey(relation, name),
    );
    if (other === undefined) {
      return "not indexed where 1";
    }
    outside.add(quoted(other.name));
  }
  return `where (${["1", ...outside].join(" or ")})`;
}

/** An INTEGER PRIMARY KEY is in every index; any other key that is taken for one only makes the search for a column longer. */
function isRowKey({ columns, withoutRowid }: Relation, name: string): boolean {
  const key = columns.filter((column) => column.key > 0);
  return !withoutRowid && key.length === 1 && key[0]?.name === name && key[0].declared.toUpperCase() === "INTEGER";
}
