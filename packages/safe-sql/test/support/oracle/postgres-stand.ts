import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openPostgres, roleReportOf } from "../../../src/postgres/index.ts";
import type { SourceRules } from "../../../src/rules/rules.ts";
import type { SqlSource } from "../../../src/source.ts";
import type { CorpusStatement } from "../../corpus/statement.ts";
import { startPostgres, type TestPostgres } from "../../postgres/support/postgres.ts";
import type { NaiveOutcome } from "../naive/outcome.ts";
import { loosely, plainPostgres } from "../naive/postgres.ts";
import { canary } from "../sample/canaries.ts";
import { makePostgresSample } from "../sample/postgres.ts";
import { CALLER, POSTGRES_RULES } from "../sample/rules.ts";
import type { SampleSize } from "../sample/tables.ts";
import { fingerprint } from "./folder.ts";
import { ask, type Guarded } from "./guarded.ts";
import { masksShown } from "./masks-shown.ts";
import { makePostgresTwin } from "./twin-postgres.ts";
import { faultOf } from "./verdict.ts";

/** A guarded PostgreSQL source, the server it guards, and the twin it must answer like. */
export interface PostgresStand {
  readonly server: TestPostgres;
  readonly source: SqlSource;
  /** @param timeoutMs less than that of the source */
  ask(statement: CorpusStatement, pages: number, timeoutMs?: number): Promise<Guarded>;
  /** The plain engine where what is hidden does not exist. */
  twin(statement: CorpusStatement): Promise<NaiveOutcome>;
  fault(statement: CorpusStatement, answer: Guarded): Promise<string | undefined>;
  /** The text with `{dir}` filled in: a folder the server may read and write. */
  fill(sql: string): string;
  /** Whether the server stopped working for the guarded source, once it had so many milliseconds to notice. */
  isAtRest(withinMs: number): Promise<boolean>;
  /** What a statement may have changed: that folder, every row, every setting, object and lock. Equal where nothing was. */
  state(): Promise<string>;
  close(): Promise<void>;
}

export interface PostgresStandOptions {
  readonly size: SampleSize;
  readonly timeoutMs: number;
  readonly rules?: SourceRules;
}

export async function postgresStand({
  size,
  timeoutMs,
  rules = POSTGRES_RULES,
}: PostgresStandOptions): Promise<PostgresStand> {
  const server = await startPostgres();
  const dir = folderOfServer();
  const nothingHidden = rules !== POSTGRES_RULES;
  const urlOf = (database: string, user = "postgres"): string => server.urlOf(user).replace(/\/[^/]*$/, `/${database}`);
  await server.admin("create database shop");
  await asAdmin(urlOf("shop"), (client) => makePostgresSample(client, size));
  await server.admin("create database twin template shop");
  await server.admin("create role reader login password 'password'");
  const source = await openAsRightRole({ url: urlOf("shop", "reader"), rules, limits: { timeoutMs } }, urlOf("shop"));
  if (!nothingHidden) {
    const shown = await masksShown(source);
    await asAdmin(urlOf("twin"), (client) => makePostgresTwin(client, shown));
  }
  const plain = await plainPostgres(urlOf("twin"), 5000, String(CALLER.tenant));
  const watcher = new pg.Client({ connectionString: urlOf("shop") });
  watcher.on("error", () => {});
  await watcher.connect();
  const fill = (sql: string): string => sql.replaceAll("{dir}", dir);
  const twin = async ({ sql, params = [] }: CorpusStatement): Promise<NaiveOutcome> =>
    comparable(await plain.run(fill(sql), params));
  return {
    server,
    source,
    twin,
    fill,
    ask: async (statement, pages, timeoutMs) => {
      const answer = await ask(source, CALLER, { ...statement, sql: fill(statement.sql) }, pages, timeoutMs);
      return answer.kind === "rows" ? { ...answer, rows: answer.rows.map((row) => row.map(loosely)) } : answer;
    },
    fault: (statement, answer) =>
      faultOf(answer, fill(statement.sql), [dir, "127.0.0.1", "hardened_"], () => twin(statement), nothingHidden),
    async isAtRest(withinMs) {
      const end = performance.now() + withinMs;
      while (performance.now() < end) {
        const { rows } = await watcher.query(
          "select 1 from pg_stat_activity where usename = 'reader' and state = 'active'",
        );
        if (rows.length === 0) return true;
      }
      return false;
    },
    state: () => asAdmin(urlOf("shop"), async (client) => `${fingerprint(dir)}\n${await stateOf(client)}`),
    async close() {
      await source.close();
      await watcher.end().catch(() => {});
      await plain.close().catch(() => {});
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

type OpenOptions = Parameters<typeof openPostgres>[0];

/** As an operator does: starts, is told what is wrong with the role, runs what is printed, and starts again. */
async function openAsRightRole(options: OpenOptions, adminUrl: string): Promise<SqlSource> {
  try {
    return await openPostgres(options);
  } catch (error) {
    const report = roleReportOf(error);
    if (report === undefined) throw error;
    await asAdmin(adminUrl, (client) => client.query(report.sql));
    return await openPostgres(options);
  }
}

export async function asAdmin<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

/** A folder that belongs to whom the server runs as, with a file to steal. */
export function folderOfServer(): string {
  const dir = mkdtempSync(join(tmpdir(), "hardened-mcp-sql-pg-"));
  const file = join(dir, "canary.txt");
  writeFileSync(file, canary("file", 1));
  if (process.getuid?.() === 0) {
    for (const path of [dir, file]) chownSync(path, 65_534, 65_534);
  }
  if (statSync(dir).uid === process.getuid?.()) chmodSync(dir, 0o700);
  return dir;
}

const TABLES = "categories products customers employees secrets orders payments tickets audit_marks";

/** Everything of the database that a statement could change, in one text. */
export async function stateOf(client: pg.Client): Promise<string> {
  const rows = TABLES.split(" ").map((table) => `(select sum(hashtext(t::text)) from ${table} t)`);
  const { rows: found } = await client.query(`select ${rows.map((sum, at) => `${sum} as t${at}`).join(", ")},
    (select sum(hashtext(relname::text || relkind::text || coalesce(relacl::text, ''))) from pg_class where relpersistence <> 't') as relations,
    (select count(*) from pg_proc) as functions, (select sum(hashtext(a::text)) from pg_roles a) as roles,
    (select count(*) from pg_largeobject_metadata) as objects, (select last_value from ticket_numbers) as sequence,
    (select count(*) from pg_locks where locktype = 'advisory') as locks, (select sum(hashtext(s::text)) from pg_db_role_setting s) as settings`);
  return JSON.stringify(found);
}

export function comparable(outcome: NaiveOutcome): NaiveOutcome {
  return outcome.kind === "rows" ? { ...outcome, rows: outcome.rows.map((row) => row.map(loosely)) } : outcome;
}
