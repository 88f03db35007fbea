import type { SqlSource } from "../../../src/source.ts";
import { CALLER } from "../sample/rules.ts";
import { ask } from "./guarded.ts";
import type { Shown } from "./twin.ts";

const MASKED = ["customers.email", "customers.phone", "customers.notes", "employees.salary", "payments.iban"];

/** What a mask shows is asked of the source in the plainest way; every other way must agree with it. */
export async function masksShown(source: SqlSource): Promise<Shown> {
  const shown = new Map<string, ReadonlyMap<number, null | number | string>>();
  for (const column of MASKED) {
    const [table, name] = column.split(".") as [string, string];
    const answer = await ask(source, CALLER, { sql: `select id, ${name} from ${table} order by id` }, 1000);
    if (answer.kind !== "rows" || !answer.whole) throw new Error(`${column} cannot be read: ${answer.text}`);
    shown.set(column, new Map(answer.rows as readonly (readonly [number, null | number | string])[]));
  }
  return shown;
}
