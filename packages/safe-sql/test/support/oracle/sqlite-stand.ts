import { join } from "node:path";
import type { SourceRules } from "../../../src/rules/rules.ts";
import type { SqlSource } from "../../../src/source.ts";
import { openSqlite } from "../../../src/sqlite/index.ts";
import type { CorpusStatement } from "../../corpus/statement.ts";
import type { NaiveOutcome } from "../naive/outcome.ts";
import { type NaiveSqlite, naiveSqlite } from "../naive/sqlite.ts";
import { CALLER, SQLITE_RULES } from "../sample/rules.ts";
import type { SampleSize } from "../sample/tables.ts";
import { fingerprint } from "./folder.ts";
import { ask, explained, type Guarded } from "./guarded.ts";
import { masksShown } from "./masks-shown.ts";
import { makeSqliteTwin } from "./twin.ts";
import { faultOf } from "./verdict.ts";
import { makeWorkshop, type Workshop } from "./workshop.ts";

/** A guarded SQLite source, the file it guards, and the twin it must answer like. */
export interface SqliteStand {
  readonly workshop: Workshop;
  readonly source: SqlSource;
  readonly naive: NaiveSqlite;
  /** @param timeoutMs less than that of the source */
  ask(statement: CorpusStatement, pages: number, timeoutMs?: number): Promise<Guarded>;
  /** The plain engine on the twin. */
  twin(statement: CorpusStatement): Promise<NaiveOutcome>;
  /** The plain engine on the file that is guarded. */
  plain(statement: CorpusStatement): Promise<NaiveOutcome>;
  /** What is wrong with how this was answered; see {@link faultOf}. */
  fault(statement: CorpusStatement, answer: Guarded): Promise<string | undefined>;
  /** Names of the folder's files and their bytes are not what they were. Puts them back. */
  filesChanged(): boolean;
  close(): Promise<void>;
}

export interface StandOptions {
  readonly size: SampleSize;
  /** Of a guarded statement, milliseconds. */
  readonly timeoutMs: number;
  /** Of an unguarded one. */
  readonly naiveMs: number;
  readonly rules?: SourceRules;
}

/** With `rules: {}` nothing is hidden, and the twin is the file itself. */
export async function sqliteStand({
  size,
  timeoutMs,
  naiveMs,
  rules = SQLITE_RULES,
}: StandOptions): Promise<SqliteStand> {
  const workshop = makeWorkshop(size);
  const source = await openSqlite({ file: workshop.file, rules, limits: { timeoutMs } });
  const twinFile = rules === SQLITE_RULES ? join(workshop.aside, "twin.db") : workshop.file;
  if (rules === SQLITE_RULES) makeSqliteTwin(workshop.file, twinFile, await masksShown(source));
  const naive = naiveSqlite(workshop.dir, naiveMs);
  const before = fingerprint(workshop.dir);
  const identity = { subject: CALLER.subject, tenant: String(CALLER.tenant), issuer: String(CALLER.issuer) };
  const run = (file: string, { sql, params = [] }: CorpusStatement): Promise<NaiveOutcome> =>
    naive.run({ file, sql: workshop.fill(sql), params, mode: "prepare", identity });
  const twin = (statement: CorpusStatement): Promise<NaiveOutcome> => run(twinFile, statement);
  const filled = (statement: CorpusStatement): CorpusStatement => ({ ...statement, sql: workshop.fill(statement.sql) });
  return {
    workshop,
    source,
    naive,
    twin,
    plain: (statement) => run(workshop.file, statement),
    ask: (statement, pages, timeoutMs) => ask(source, CALLER, filled(statement), pages, timeoutMs),
    fault: (statement, answer) =>
      faultOf(answer, workshop.fill(statement.sql), [workshop.dir], () => twin(statement), rules !== SQLITE_RULES),
    filesChanged() {
      if (fingerprint(workshop.dir) === before) return false;
      workshop.restore();
      return true;
    },
    async close() {
      naive.close();
      await source.close();
      workshop.remove();
    },
  };
}

/** Words of an explanation that name what the rules hide. */
const HIDDEN_NAMES =
  /\b(secrets|customer_secrets|notes_fts|audit_marks|ssn|customers_ssn|password_hash|card_number)\b/i;

/** What is wrong with how a plan is told, or `undefined`. A name that the caller wrote is no news. */
export async function faultOfPlan(
  source: SqlSource,
  statement: CorpusStatement,
  sql: string,
  timeoutMs?: number,
): Promise<string | undefined> {
  const answer = await explained(source, CALLER, sql, timeoutMs);
  if (answer.kind === "broken") return `explaining threw something of its own: ${answer.text.slice(0, 200)}`;
  if (answer.kind === "refused") return answer.code === "unavailable" ? "explaining was unavailable" : undefined;
  const name = HIDDEN_NAMES.exec(answer.text)?.[0];
  if (name !== undefined && !sql.toLowerCase().includes(name.toLowerCase()))
    return `the plan names ${name} (${statement.name})`;
  return /[0-9a-f]{24}/.test(answer.text) && !/[0-9a-f]{24}/.test(sql)
    ? `the plan shows a random name: ${answer.text}`
    : undefined;
}
