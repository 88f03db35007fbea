import { copyFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** What a mask shows, by the key of its row. */
export type Shown = ReadonlyMap<string, ReadonlyMap<number, null | number | string>>;

/**
 * A copy of the sample in which what the rules hide does not exist: no denied column, no row outside a filter, no hidden table, and
 * masked columns hold what the mask shows.
 *
 * It is the meaning of the rules. A guarded source that answers must answer like a plain engine on the twin, in rows and in errors:
 * whatever differs tells of something hidden, however it is dressed up. A search for known secrets would miss a bit told by an error,
 * or a count.
 */
export function makeSqliteTwin(origin: string, twin: string, shown: Shown): void {
  copyFileSync(origin, twin);
  const db = new DatabaseSync(twin, { enableForeignKeyConstraints: false });
  try {
    db.exec(`
      drop view customer_secrets; drop table secrets; drop table notes_fts; drop trigger orders_touched; drop table audit_marks;
      drop index customers_ssn; alter table customers drop column ssn;
      alter table payments drop column card_number; alter table employees drop column password_hash;
      delete from orders where tenant <> 'acme'; delete from tickets where internal <> 0;
      create table unmasked as select * from customers; drop table customers;
      create table customers(id integer primary key, name text not null, email text, phone text, country text not null, city text not null,
        tier text not null, birth_date text, credit_limit integer, notes text, referred_by integer, created_at text not null);
      insert into customers select * from unmasked; drop table unmasked;
      create table unmasked as select * from employees; drop table employees;
      create table employees(id integer primary key, manager_id integer, name text not null, title text not null, department text not null,
        salary integer, hired_on text not null);
      insert into employees select * from unmasked; drop table unmasked;
      update customers set email = null, phone = null, notes = null; update employees set salary = null; update payments set iban = null;`);
    db.exec("begin");
    for (const [column, values] of shown) {
      const [table, name] = column.split(".") as [string, string];
      const set = db.prepare(`update ${table} set ${name} = ? where id = ?`);
      for (const [id, value] of values) set.run(value, id);
    }
    db.exec("commit; vacuum; analyze");
  } finally {
    db.close();
  }
}
