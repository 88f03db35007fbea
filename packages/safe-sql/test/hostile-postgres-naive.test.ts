import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POSTGRES_HOSTILE } from "./corpus/hostile/postgres/index.ts";
import type { CorpusStatement } from "./corpus/statement.ts";
import { startPostgres, type TestPostgres } from "./postgres/support/postgres.ts";
import type { NaiveOutcome } from "./support/naive/outcome.ts";
import { plainPostgres } from "./support/naive/postgres.ts";
import { type Careless, careless } from "./support/naive/postgres-careless.ts";
import { type Damage, damageOf } from "./support/oracle/damage.ts";
import { asAdmin, comparable, folderOfServer } from "./support/oracle/postgres-stand.ts";
import { makePostgresTwin } from "./support/oracle/twin-postgres.ts";
import { makePostgresSample } from "./support/sample/postgres.ts";
import { TINY } from "./support/sample/tables.ts";

let server: TestPostgres;
let dir: string;
let naive: Careless;
beforeAll(async () => {
  server = await startPostgres();
  dir = folderOfServer();
  const origin = await databaseOf("origin");
  await asAdmin(origin, (client) => makePostgresSample(client, TINY));
  await server.admin("create database twin template origin");
  await asAdmin(await databaseOf("twin"), async (client) => {
    await makePostgresTwin(client, new Map());
    // A role that may read and nothing more: on the twin, too, a statement may not reach the server's files.
    await client.query(
      "create role plain login password 'password'; grant select on all tables in schema public to plain",
    );
  });
  naive = await careless(server, dir);
}, 120_000);
afterAll(async () => {
  await naive.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A corpus that does no damage anywhere proves nothing about a guard. */
describe("hostile statements without a guard", () => {
  it("do damage to PostgreSQL in a read-only transaction, as a role that may do anything", async () => {
    const twin = await plainPostgres(server.urlOf("plain").replace(/\/[^/]*$/, "/twin"), 2000, "acme");
    const done: Damage[] = [];
    // A bomb goes off in the process that reads its answer, which is this one.
    const statements = POSTGRES_HOSTILE.filter(({ name }) => !name.startsWith("bombs"));
    for (const statement of statements)
      done.push(await damage(statement, (sql) => twin.run(sql, statement.params ?? [])));
    await twin.close();
    if (process.env["HARDENED_MCP_SQL_COUNTS"] === "1")
      console.log(Object.fromEntries([...Map.groupBy(done, String)].map(([kind, all]) => [kind, all.length])));
    // Measured: 581 of 854. The others try what the transaction refuses, and stay.
    expect(done.filter((one) => one === undefined).length).toBeLessThan(done.length * 0.45);
    for (const kind of [
      "shows a secret",
      "tells of what is hidden",
      "changes a file",
      "changes the session",
      "does not end",
    ] as const) {
      expect(done.filter((one) => one === kind).length, kind).toBeGreaterThanOrEqual(4);
    }
  }, 240_000);
});

async function databaseOf(name: string): Promise<string> {
  if (name === "origin") await server.admin("create database origin");
  return server.url.replace(/\/[^/]*$/, `/${name}`);
}

async function damage(statement: CorpusStatement, twin: (sql: string) => Promise<NaiveOutcome>): Promise<Damage> {
  const sql = statement.sql.replaceAll("{dir}", dir);
  const { outcome, changed } = await naive.run(sql);
  return damageOf(comparable(outcome), changed, async () => comparable(await twin(sql)));
}
