import { SqlError } from "../../errors.ts";
import { folded } from "../fold.ts";
import type { Connection } from "./connection.ts";
import { rowsOf } from "./engine.ts";

export interface Instruction {
  readonly address: number;
  readonly opcode: string;
  readonly p2: number;
  readonly p3: number;
}

/** The program that a statement compiles to, with those of its triggers after it. */
export function programOf({ engine, gate }: Connection, sql: string): Instruction[] {
  return gate
    .as("compile", () => rowsOf(engine, `explain ${sql}`))
    .map(([address, opcode, , p2, p3]) => ({
      address: Number(address),
      opcode: String(opcode),
      p2: Number(p2),
      p3: Number(p3),
    }));
}

/**
 * Refuses a statement whose program opens a b-tree that no relation of the policy owns.
 *
 * USING and NATURAL JOIN raise no event, and a view cannot stand before a name like `sqlite_stat1`, so
 * `select 1 from sqlite_stat1 natural join (select 'salaries' as tbl)` gets past the authorizer. The program itself tells: it opens the
 * root page of that table.
 *
 * @throws {SqlError} `unknown_name`
 */
export function checkRoots(connection: Connection, sql: string): void {
  const allowed = connection.gate.asOwn(() => allowedRoots(connection));
  for (const { opcode, p2: root, p3: database } of programOf(connection, sql)) {
    const opens = opcode === "OpenRead" || opcode === "OpenWrite" || opcode === "ReopenIdx";
    if (opens && !(database === FILE && allowed.has(root))) {
      throw new SqlError("unknown_name");
    }
  }
}

/** Numbers of databases in a program: 0 is the empty `main`, 1 the temporary schema, 2 the file. */
const FILE = 2;

function allowedRoots({ engine, names, policy }: Connection): Set<number> {
  const rows = rowsOf(engine, `select tbl_name, rootpage from "${names.schema}".sqlite_schema where rootpage > 0`);
  const roots = rows.filter(([table]) => (policy.get(folded(String(table)))?.kind ?? "hidden") !== "hidden");
  return new Set(roots.map(([, root]) => Number(root)));
}
