import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SqlSource } from "../../src/index.ts";
import type { Catalog } from "../../src/postgres/catalog/catalog.ts";
import { loadParser, parseOne } from "../../src/postgres/gate/ast.ts";
import { judge } from "../../src/postgres/gate/judge.ts";
import { createScope, type Visible } from "../../src/postgres/gate/scope.ts";
import { ATTACKS } from "./support/attacks.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, CANARY, openRight, SAMPLE, SAMPLE_RULES } from "./support/sample.ts";

const NOT_DECIDED_BY_ENGINE = ["internal", "failed", "unavailable", "timeout"];

let server: TestPostgres;
let source: SqlSource;

beforeAll(async () => {
  await loadParser();
  server = await startPostgres();
  await server.admin(SAMPLE);
  source = await openRight(server, { rules: SAMPLE_RULES });
});
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

describe("through a source with a right role", () => {
  it.each(ATTACKS)("refuses $name", async ({ sql }) => {
    const error = await source.query({ sql, caller: CALLER }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "SqlError", code: expect.stringMatching(/^[a-z_]+$/) });
    expect(NOT_DECIDED_BY_ENGINE).not.toContain((error as { code: string }).code);
  });

  it("tells nothing of the engine, of the connection or of what is hidden", async () => {
    for (const { sql } of ATTACKS) {
      const { message, hint = "" } = await source.query({ sql, caller: CALLER }).catch((reason) => reason);
      expect(`${message} ${hint}`).not.toMatch(
        /canary|127\.0\.0\.1|password|reader|hardened_mcp_[0-9a-f]|permission denied/,
      );
    }
  });
});

/** Tables `orders` and `customers`, and nothing else; no role, no server. */
const NAMES = ["orders", "customers"];
const EMPTY: Catalog = {
  relations: new Map(),
  types: new Set(),
  overloads: new Set(["lower"]),
  rowFunctions: new Set(["full_name"]),
  schemas: new Set(["public"]),
  operators: new Set(["<->"]),
};
const scope = createScope(EMPTY, ["public"], ["similarity", "app.score"], (schema, name) =>
  NAMES.includes(name) && (schema === undefined || schema === "public") ? ({ name } as Visible) : undefined,
);

function gate(sql: string): void {
  const parsed = parseOne(sql);
  if (parsed.kind !== "SelectStmt") throw new Error("not a read");
  judge(parsed, scope);
}

describe("the gate alone, as it stands before a role that may do everything", () => {
  it.each(ATTACKS)("refuses $name", ({ sql }) => {
    expect(() => gate(sql)).toThrow();
  });

  it("refuses a built-in function that one of the database's own may stand in for", () => {
    expect(() => gate("select lower('A')")).toThrow(/not allowed/);
    expect(() => gate("select pg_catalog.lower('A')")).not.toThrow();
  });

  it("refuses a function written as a column of a row", () => {
    expect(() => gate("select c.full_name from customers c")).toThrow(/not allowed/);
    expect(() => gate("select (c).full_name from customers c")).toThrow(/not allowed/);
  });

  it.each(["'%1000000000s', 'x'", "'%-9999s', 'x'", "'%2$1000s', 'x', 'y'", "'%*s', 9, 'x'", "'%' || '9999s', 'x'"])(
    "refuses a width of format that may be huge: %s",
    (args) => {
      expect(() => gate(`select format(${args})`)).toThrow(/not allowed/);
      expect(() => gate(`select pg_catalog.format(${args})`)).toThrow(/not allowed/);
      expect(() => gate("select format('%s %-20s %2$s', 'x', 1)")).not.toThrow();
    },
  );

  it("refuses an operator of the database's own", () => {
    expect(() => gate("select 1 <-> 2")).toThrow(/not allowed/);
    expect(() => gate("select * from orders order by id using <->")).toThrow(/not allowed/);
    expect(() => gate("select 1 <-> any (select 2)")).toThrow(/not allowed/);
  });

  it("lets through the functions that the rules add, by the name they add", () => {
    expect(() => gate("select similarity('a', 'b'), app.score(1)")).not.toThrow();
    expect(() => gate("select score(1)")).toThrow(/not allowed/);
    expect(() => gate("select other.similarity('a', 'b')")).toThrow(/not allowed/);
  });

  it("refuses what is nested too deeply, and goes on", () => {
    for (const sql of [
      `select ${"(".repeat(40_000)}1`,
      `select ${"not ".repeat(20_000)}true`,
      `select 1${"+1".repeat(20_000)}`,
    ]) {
      expect(() => gate(sql)).toThrow();
      expect(() => gate("select 1")).not.toThrow();
    }
  });
});

describe("without a gate", () => {
  // That they are attacks at all: as a superuser in a READ ONLY transaction, one statement, extended protocol.
  it.each([
    "select pg_read_file('PG_VERSION')",
    "select set_config('statement_timeout', '0', false)",
    "select pg_advisory_lock(77)",
    "select query_to_xml('select * from secrets', true, true, '')",
    "select * from ts_stat('select to_tsvector(word) from secrets')",
    "select 'secrets'::regclass",
    "copy (select 1) to program 'cat > /dev/null'",
  ])("a superuser in a read-only transaction can %s", async (sql) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query("begin read only");
    await expect(client.query({ text: sql, queryMode: "extended" } as pg.QueryConfig)).resolves.toBeDefined();
    await client.end();
  });

  it("a right role cannot read what the rules hide, whatever it sends", async () => {
    const client = new pg.Client({ connectionString: server.urlOf("reader") });
    await client.connect();
    for (const sql of [
      "select * from customers",
      "select * from secrets",
      "select * from customer_emails",
      "select * from hardened_mcp_key.mask_key",
    ])
      await expect(client.query(sql)).rejects.toMatchObject({ code: "42501" });
    const { rows } = await client.query(
      "select rolname from pg_roles where rolname like 'hardened\\_mcp\\_%' and pg_has_role(oid, 'member')",
    );
    for (const { rolname } of rows) {
      await client.query(`set role ${rolname}`);
      for (const sql of [
        "select email from public.customers",
        "select * from secrets",
        "select * from customer_emails",
        "update orders set amount = 0",
      ])
        await expect(client.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/42501|25006/) });
      const shown = await client.query(`select * from ${rolname}.customers`);
      if (JSON.stringify(shown.rows).includes(CANARY))
        expect(shown.fields.map(({ name }) => name)).not.toContain("phone");
    }
    await client.end();
  });
});
