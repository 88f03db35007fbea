import { SqlError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { folded } from "../fold.ts";
import type { Connection } from "./connection.ts";
import { quoted } from "./engine.ts";
import type { Access } from "./policy.ts";

export type Readable = Exclude<Access, { kind: "hidden" }>;

/**
 * Looks a name up in what the caller may read. There is one spelling of it: a policy that forbids `customers` compares texts, and
 * must not be got around by `CUSTOMERS`.
 *
 * @throws {SqlError} `unknown_name`
 */
export function readable({ policy }: Connection, table: string): Readable {
  const access = policy.get(folded(table));
  if (access === undefined || access.kind === "hidden" || access.relation.name !== table) {
    const names = [...policy.values()].flatMap((each) => (each.kind === "hidden" ? [] : [each.relation.name]));
    const close = nearest(table, names);
    throw new SqlError("unknown_name", { hint: close && `Did you mean ${close}?` });
  }
  return access;
}

/** The rows of a table by its key, or in its storage order. */
export function sampleSql(connection: Connection, table: string): string {
  const access = readable(connection, table);
  const key = access.relation.columns.filter((column) => column.key > 0).sort((a, b) => a.key - b.key);
  const clear = (name: string): boolean => access.kind === "open" || access.plain.has(folded(name));
  const order = key.length > 0 && key.every((column) => clear(column.name));
  const by = order ? ` order by ${key.map((column) => quoted(column.name)).join(", ")}` : "";
  return `select * from ${quoted(access.relation.name)}${by}`;
}
