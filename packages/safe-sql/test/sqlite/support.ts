import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { Caller, ResultPage, SqlSource } from "../../src/source.ts";
import { openSqlite, type SqliteOptions } from "../../src/sqlite/index.ts";

/** What no caller may ever get to see. */
export const CANARY = "canary-7b1f";

export const ANYONE: Caller = { roles: [], subject: "ann", tenant: "1" };

/** People, orders, salaries; CANARY is in whatever the rules of the tests deny. */
export const SHOP = `
  create table customers (id integer primary key, name text not null, email text unique, tenant int, note text);
  create index customers_tenant on customers (tenant);
  insert into customers values
    (1, 'Ada', '${CANARY}-ada@example.org', 1, 'fine'), (2, 'Bob', '${CANARY}-bob@example.org', 2, '${CANARY} {not json'),
    (3, 'Cy', '${CANARY}-cy@example.org', 1, null);
  create table orders (id integer primary key, customer_id int references customers (id), total real, placed date);
  insert into orders values (1, 1, 10.5, '2026-01-02'), (2, 1, 3, '2026-01-03'), (3, 2, 99, '2026-02-01');
  create table salaries (person text, amount int);
  insert into salaries values ('${CANARY}', 9000);
  create view names as select name from customers;
  create view emails as select name, email from customers;
  create view pay as select count(*) as people from salaries;
  create virtual table notes using fts5 (body);
  insert into notes values ('hello world'), ('good morning');
`;

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "safe-sql-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A database file made by `sql`. */
export function fileOf(sql: string = SHOP, path: string = join(folder(), "data.db")): string {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

export async function open(options: Partial<SqliteOptions> = {}): Promise<SqlSource> {
  const source = await openSqlite({ file: options.file ?? fileOf(), ...options });
  onTestFinished(() => source.close());
  return source;
}

/** A source for all tests of a file, for tests that leave it as it was. */
export function shared(sql?: string, options: Partial<SqliteOptions> = {}): () => SqlSource {
  const path = mkdtempSync(join(tmpdir(), "safe-sql-test-"));
  let source: SqlSource | undefined;
  beforeAll(async () => {
    source = await openSqlite({ file: fileOf(sql, join(path, "data.db")), ...options });
  });
  afterAll(async () => {
    await source?.close();
    rmSync(path, { recursive: true, force: true });
  });
  return () => source as SqlSource;
}

/** The answer to one query of {@link ANYONE}. */
export function ask(source: SqlSource, sql: string, params: (string | number | null)[] = []): Promise<ResultPage> {
  return source.query({ sql, params, caller: ANYONE });
}

export async function rows(source: SqlSource, sql: string): Promise<ResultPage["rows"]> {
  return (await ask(source, sql)).rows;
}

/** The code and hint of what `promise` was refused with; "answered" where it was not. */
export async function refusal(promise: Promise<unknown>): Promise<{ code: string; hint?: string | undefined }> {
  try {
    await promise;
    return { code: "answered" };
  } catch (error) {
    const { code, hint } = error as { code?: string; hint?: string };
    return { code: code ?? String(error), hint };
  }
}
