import { folded } from "../fold.ts";
import { programOf } from "./bytecode.ts";
import type { Connection } from "./connection.ts";
import { rowsOf } from "./engine.ts";

/**
 * Whether a view of the file may read, without any event, what the rules hold back: SQLite raises none for a column that USING or
 * NATURAL matches, and a FULL JOIN even shows it. The author of the file wrote real names of tables, which no view of ours stands
 * before. Such a view is fine only where everything that its program opens is open.
 *
 * @param name of the view, in lower case @param from the same as SQL takes it
 */
export function mayReadUnseen(connection: Connection, name: string, from: string): boolean {
  const texts = connection.gate.asOwn(() => viewTexts(connection));
  return SILENT.test(textsBehind(name, texts)) && !opensOnlyOpen(connection, `select * from ${from}`);
}

/** Words without which every column that is read raises an event. */
const SILENT = /\b(?:using|natural)\b/i;

function viewTexts({ engine, names }: Connection): ReadonlyMap<string, string> {
  const rows = rowsOf(engine, `select name, sql from "${names.schema}".sqlite_schema where type = 'view'`);
  return new Map(rows.map(([name, sql]) => [folded(String(name)), folded(String(sql))]));
}

/** The text of a view and of every view whose name is somewhere in it, and so on. */
function textsBehind(name: string, texts: ReadonlyMap<string, string>): string {
  const found = new Set([name]);
  for (const each of found) {
    const text = texts.get(each) ?? "";
    for (const other of texts.keys()) {
      if (text.includes(other)) {
        found.add(other);
      }
    }
  }
  return [...found].map((each) => texts.get(each) ?? "").join("\n");
}

function opensOnlyOpen(connection: Connection, sql: string): boolean {
  const { engine, names, policy } = connection;
  const tables = connection.gate.asOwn(() =>
    rowsOf(engine, `select rootpage, tbl_name from "${names.schema}".sqlite_schema where rootpage > 0`),
  );
  const isOpen = (table: unknown): boolean => policy.get(folded(String(table)))?.kind === "open";
  const open = new Set(tables.filter(([, table]) => isOpen(table)).map(([root]) => Number(root)));
  const virtual = [...connection.catalogue].filter(([, { kind }]) => kind === "virtual");
  return programOf(connection, sql).every(({ opcode, p2 }) =>
    // Which virtual table is opened, a program does not say.
    opcode === "VOpen" ? virtual.every(([name]) => isOpen(name)) : !OPENS.has(opcode) || open.has(p2),
  );
}

const OPENS: ReadonlySet<string> = new Set(["OpenRead", "OpenWrite", "ReopenIdx"]);
