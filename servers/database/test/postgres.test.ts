import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type TestPostgres } from "../../../packages/safe-sql/test/postgres/support/postgres.ts";
import { openSession } from "../../../test/support/stdio-session.ts";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { CLI, code, structured } from "./support/session.ts";

const SCHEMA = `
create table customers (id bigint primary key, name text not null, email text, tenant text not null);
create table orders (id bigint generated always as identity primary key, customer_id bigint references customers, total numeric(12, 2), at timestamptz);
create table secrets (word text);
comment on table orders is 'What was bought.';
insert into customers values (1, 'Ada', 'canary-ada@example.com', 'acme'), (9007199254740993, 'Bob', 'canary-bob@example.com', 'globex');
insert into orders (customer_id, total, at) select 1, i * 1.10, timestamptz '2026-01-01' + i * interval '1 hour' from generate_series(1, 2500) i;
insert into secrets values ('canary-secret');
create role reader login password 'password';
grant all on all tables in schema public to reader;
`;

const rules = {
  tables: {
    customers: { mask: { email: "hash" }, filter: "tenant = identity('tenant')" },
    orders: { write: ["insert", "delete"] },
  },
};

const queries = {
  orders_since: {
    sql: "select id, total from orders where at >= $1::timestamptz and total > $2::numeric order by id",
    description: "Orders since a time.",
    params: { since: { type: "timestamp" }, least: { type: "number", default: 0 } },
  },
};

describe("a PostgreSQL source", () => {
  let postgres: TestPostgres;
  let folder: TestFolder;
  let config: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.admin(SCHEMA);
    folder = testFolder("");
    const urlFile = folder.write("url", postgres.urlOf("reader"));
    const sources = { sales: { type: "postgres", urlFile, rules } };
    config = folder.write("config.json", { sources, queries, local: { tenant: "acme" } });
  }, 120_000);
  afterAll(async () => {
    await postgres.stop();
    folder[Symbol.dispose]();
  });
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, [CLI, "--config", config, "--audit-dir", folder.audit, ...args], {
      encoding: "utf8",
      input: "",
    });
  const open = (args: readonly string[] = []) =>
    openSession([CLI, "--config", config, "--audit-dir", folder.audit, ...args]);

  it("is not served to a role that may do too much, and the SQL that makes it right is printed", async () => {
    const refused = run([]);
    expect(refused.status).toBe(78);
    expect(refused.stderr).toContain("rights of the database role are not what they should be");
    expect(refused.stderr).toContain("GRANT SELECT");
    expect(refused.stderr).not.toMatch(/password@|127\.0\.0\.1/);

    const printed = run(["--print-role-sql", "sales"]);
    expect(printed).toMatchObject({ status: 0, stderr: "" });
    await postgres.admin(printed.stdout);
    expect(run([])).toMatchObject({ status: 0 });
    // It can be run again.
    await postgres.admin(run(["--print-role-sql"]).stdout);
    expect(run([])).toMatchObject({ status: 0 });
    expect(run(["--print-role-sql", "slaes"])).toMatchObject({ status: 64, stderr: expect.stringContaining("sales") });
  }, 120_000);

  it.each([
    ["a password that is wrong", () => postgres.urlOf("reader", "canary"), "The password is wrong"],
    ["no password", () => postgres.urlOf("reader", "").replace(":@", "@"), "the URL holds none"],
    ["no such database", () => postgres.urlOf("reader").replace("/postgres", "/canary"), "no database of that name"],
    [
      "a server without TLS where it is asked for",
      () => `${postgres.urlOf("reader")}?sslmode=require`,
      "offers no TLS",
    ],
  ])("says why it cannot be opened, and ends: %s", (_, url, reason) => {
    const file = folder.write("wrong-url", url());
    const sources = { sales: { type: "postgres", urlFile: file, rules } };
    const wrong = folder.write("wrong.json", { sources });
    const { status, stderr } = spawnSync(
      process.execPath,
      [CLI, "--config", wrong, "--audit-dir", folder.audit, "--print-role-sql"],
      { encoding: "utf8", input: "", timeout: 20_000 },
    );
    expect(stderr).toContain(`sources.sales: The database cannot be opened.`);
    expect(stderr).toContain(reason);
    expect(stderr).not.toMatch(/canary|password@|127\.0\.0\.1/);
    expect(status).toBe(69);
  });

  it("answers every tool, exactly, and within its rules", async () => {
    await using session = await open();
    const rows = async (sql: string, params: unknown[] = []) =>
      structured(await session.call("query", { sql, params }))["rows"];
    expect(structured(await session.call("list_tables", {}))["tables"]).toMatchObject([
      { name: "customers" },
      { name: "orders", comment: "What was bought." },
    ]);
    expect(structured(await session.call("describe_table", { table: "customers" }))).toMatchObject({
      columns: [
        { name: "id", type: "integer" },
        { name: "name" },
        { name: "email", masked: "hash" },
        { name: "tenant" },
      ],
      filtered: true,
    });
    expect(await rows("select id, name from customers")).toEqual([[1, "Ada"]]);
    expect(
      await rows("select $1::bigint, total, at from orders where id = $2::bigint", ["9007199254740993", 1]),
    ).toEqual([["9007199254740993", "1.10", expect.stringContaining("2026-01-01")]]);
    expect(JSON.stringify(await rows("select email from customers"))).not.toContain("canary");
    expect(structured(await session.call("sample_rows", { table: "orders", limit: 2 }))["rowCount"]).toBe(2);
    expect(structured(await session.call("orders_since", { since: "2026-04-15T00:00:00Z" }))).toMatchObject({
      rows: expect.arrayContaining([[2500, "2750.00"]]),
    });
    for (const sql of [
      "select word from secrets",
      "select pg_read_file('/etc/passwd')",
      "copy orders to program 'true'",
      "commit; select 1",
      "select set_config('statement_timeout', '0', false)",
      "delete from orders",
      "select email from public.customers",
    ]) {
      const { text, isError } = await session.call("query", { sql });
      expect(isError && !text.includes("canary"), sql).toBe(true);
    }
  }, 60_000);

  it("pages to the end, each row once", async () => {
    await using session = await open();
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const page: Record<string, unknown> = structured(
        await session.call("query", {
          sql: "select id from orders order by id",
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      seen.push(...(page["rows"] as unknown[][]).flat());
      cursor = page["nextCursor"];
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 2500 }, (_, at) => at + 1));
  }, 60_000);

  it("is changed only with --allow-write, where the role may, and as decided", async () => {
    const printed = run(["--allow-write", "--print-role-sql"]);
    expect(printed.status).toBe(0);
    await postgres.admin(printed.stdout);
    // A role that may write is too much for a server that only reads.
    expect(run([]).status).toBe(78);
    await using session = await open(["--allow-write"]);
    const insert = { sql: "insert into orders (customer_id, total) values ($1, $2)", params: [1, "5.00"] };
    expect(structured(await session.call("execute", insert))).toMatchObject({ statement: "insert", changedRows: 1 });
    expect(await code(session, "execute", { sql: "delete from orders where id = 1" })).toBe("approval_required");
    expect(await code(session, "execute", { sql: "update orders set total = 0 where id = 1" })).toBe("denied");
    const { rows } = await postgres.admin("select count(*)::int as n from orders");
    expect(rows).toEqual([{ n: 2501 }]);
  }, 120_000);

  it("is unavailable while it is away, and answers again once it is back", async () => {
    await using session = await open(["--allow-write"]);
    const count = { sql: "select count(*) from orders" };
    expect(await code(session, "query", count)).toBe("ok");
    await postgres.kill();
    const { text } = await session.call("query", count);
    expect(text).toContain('"unavailable"');
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN|reader/);
    await postgres.restart();
    await expect.poll(() => code(session, "query", count), { timeout: 20_000 }).toBe("ok");
  }, 120_000);

  it("leaves no URL in the audit log", () => {
    expect(JSON.stringify(folder.records())).not.toMatch(/postgres:\/\/|127\.0\.0\.1|:password/);
  });
});
