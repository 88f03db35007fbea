import { DatabaseSync } from "node:sqlite";
import pg from "pg";

/** Rows of the table that both servers read. */
const ROWS = 100_000;

/** Six columns as they are in many tables; the same in both engines. Nothing random: every run reads the same rows. */
function order(id: number): readonly [number, string, string, number, string, string | null] {
  const day = String((id % 28) + 1).padStart(2, "0");
  const status = [null, "open", "shipped"][id % 3] ?? null;
  return [
    id,
    `Customer number ${id % 5000}`,
    `customer${id}@example.org`,
    (id * 37) % 10_000,
    `2026-03-${day}`,
    status,
  ];
}

const COLUMNS = "id integer primary key, customer text, email text, amount integer, ordered text, status text";

export function fillSqlite(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; create table orders (${COLUMNS}); begin`);
  const insert = database.prepare("insert into orders values (?, ?, ?, ?, ?, ?)");
  for (let id = 1; id <= ROWS; id++) insert.run(...order(id));
  database.exec("commit; analyze");
  database.close();
}

export async function fillPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create table orders (${COLUMNS})`);
  for (let from = 1; from <= ROWS; from += 1000) {
    const rows = Array.from({ length: 1000 }, (_, at) => order(from + at));
    await client.query(
      "insert into orders select * from json_to_recordset($1) as t(id int, customer text, email text, amount int, ordered text, status text)",
      [
        JSON.stringify(
          rows.map(([id, customer, email, amount, ordered, status]) => ({
            id,
            customer,
            email,
            amount,
            ordered,
            status,
          })),
        ),
      ],
    );
  }
  await client.query("vacuum analyze orders");
  await client.end();
}

/** A role that may read the table and nothing else; ours starts with no other. @returns its connection string */
export async function readerRole(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("create role reader login password 'reading' nosuperuser nocreatedb nocreaterole");
  await client.query("revoke create on schema public from public; revoke temporary on database postgres from public");
  await client.query("grant select on orders to reader");
  await client.end();
  const reader = new URL(url);
  [reader.username, reader.password] = ["reader", "reading"];
  return reader.href;
}
