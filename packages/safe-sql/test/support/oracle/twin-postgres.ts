import type pg from "pg";
import type { Shown } from "./twin.ts";

/** As {@link makeSqliteTwin}: turns a copy of the sample into one in which what the rules hide does not exist. */
export async function makePostgresTwin(client: pg.Client, shown: Shown): Promise<void> {
  await client.query(`
    drop view customer_secrets; drop materialized view secret_copy; drop table secrets; drop sequence ticket_numbers;
    alter table customers drop column ssn, alter column email drop not null;
    alter table payments drop column card_number;
    alter table employees drop column password_hash, alter column salary drop not null, alter column salary type integer;
    delete from orders where tenant <> 'acme'; delete from tickets where internal <> 0;
    update customers set email = null, phone = null, notes = null; update employees set salary = null; update payments set iban = null`);
  for (const [column, values] of shown) {
    const [table, name] = column.split(".") as [string, string];
    const [ids, texts] = [
      [...values.keys()],
      [...values.values()].map((value) => (value === null ? null : String(value))),
    ];
    await client.query(
      `update ${table} t set ${name} = s.v::${name === "salary" ? "integer" : "text"}
       from unnest($1::int[], $2::text[]) as s(id, v) where s.id = t.id`,
      [ids, texts],
    );
  }
  await client.query("analyze");
}
