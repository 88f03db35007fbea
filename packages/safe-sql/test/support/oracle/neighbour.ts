import { copyFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/**
 * A copy of the sample that shows the same under the rules, while all that they hide is other: values, numbers of rows, tables.
 *
 * A guarded source must answer alike on both. Where an answer differs from the twin's for a harmless reason, say an engine that
 * evaluates in another order, it is the same on the neighbour; where it tells of something hidden, it is not.
 */
export function makeSqliteNeighbour(origin: string, neighbour: string): void {
  copyFileSync(origin, neighbour);
  const db = new DatabaseSync(neighbour, { enableForeignKeyConstraints: false });
  try {
    db.exec(`
      update customers set ssn = 'CNRY-other-' || (id * 31), notes = 'CNRY-other ' || (id * 7) where notes is not null or id % 2 = 0;
      update customers set ssn = 'CNRY-else-' || id where id % 2 = 1;
      update customers set phone = '+9 CNRY-else ' || substr(phone, -2) where phone is not null;
      update payments set card_number = 'CNRY-card-' || id;
      update payments set iban = substr(iban, 1, 2) || 'CNRY-else' || substr(iban, -2) where iban is not null;
      update employees set salary = 779000 + id * 3, password_hash = 'CNRY-else-' || id;
      delete from secrets where id % 3 = 0; update secrets set value = 'CNRY-else-' || id, name = 'CNRY-n-' || id;
      drop trigger orders_touched;
      delete from orders where tenant <> 'acme' and id % 2 = 0;
      update orders set total_cents = 1, note = '{"a": 1}', customer_id = 1 where tenant <> 'acme';
      delete from tickets where internal = 1 and id % 2 = 0;
      update tickets set body = '{"text": "else"}', weight = 4, subject = 'CNRY-else' where internal = 1;
      insert into audit_marks values (1), (2); delete from notes_fts where rowid % 2 = 0;
      create table more_secrets(x); create view more_secret_view as select x from more_secrets;`);
  } finally {
    db.close();
  }
}
