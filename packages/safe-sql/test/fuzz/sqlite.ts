import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { SqlSource } from "../../src/source.ts";
import { openSqlite } from "../../src/sqlite/index.ts";
import type { CorpusStatement } from "../corpus/statement.ts";
import { digest, type NaiveOutcome } from "../support/naive/outcome.ts";
import { cell } from "../support/naive/sqlite-cell.ts";
import { fingerprint } from "../support/oracle/folder.ts";
import { ask, type Guarded } from "../support/oracle/guarded.ts";
import { masksShown } from "../support/oracle/masks-shown.ts";
import { makeSqliteNeighbour } from "../support/oracle/neighbour.ts";
import { makeSqliteTwin } from "../support/oracle/twin.ts";
import { faultOf, isBound } from "../support/oracle/verdict.ts";
import { makeWorkshop } from "../support/oracle/workshop.ts";
import { CALLER, SQLITE_RULES } from "../support/sample/rules.ts";
import { TINY } from "../support/sample/tables.ts";
import { SQLITE } from "./dialect.ts";
import type { FuzzReport } from "./report.ts";
import { type Trial, trials } from "./statements.ts";

/** Statements between two looks at the files. */
const LOOK_EVERY = 500;
/** Statements under way at once: one for each process of the source. */
const AT_ONCE = 2;
const LIMITS = { maxRows: 500 };
/** Of a generated statement; what a mask shows, which the comparison rests on, is asked with all the time of a source. */
const TIMEOUT_MS = 250;
/** Accepted statements, of which one is asked of the neighbour for no reason. */
const SPOT_CHECK = 20;
const MOST_FAULTS = 50;

/** Tries `count` statements from `seed` on; every fault names the seed that makes its statement again. */
export async function fuzzSqlite(corpus: readonly CorpusStatement[], seed: number, count: number): Promise<FuzzReport> {
  const workshop = makeWorkshop(TINY);
  const maskKey = randomBytes(32);
  const open = (file: string, processes: number): Promise<SqlSource> =>
    openSqlite({ file, rules: SQLITE_RULES, limits: LIMITS, maskKey, processes });
  const source = await open(workshop.file, AT_ONCE);
  const [twinFile, neighbourFile] = [join(workshop.aside, "twin.db"), join(workshop.aside, "neighbour.db")];
  makeSqliteTwin(workshop.file, twinFile, await masksShown(source));
  makeSqliteNeighbour(workshop.file, neighbourFile);
  const neighbour = await open(neighbourFile, 1);
  const twin = openTwin(twinFile);
  const before = fingerprint(workshop.dir);

  const ends: Record<string, number> = {};
  const faults: string[] = [];
  let [tried, compared, askedTwice, harmless] = [0, 0, 0, 0];

  const tryOne = async (trial: Trial): Promise<void> => {
    const statement = { name: String(trial.seed), sql: workshop.fill(trial.sql) };
    const answer = await ask(source, CALLER, statement, 1, TIMEOUT_MS);
    const end = answer.kind === "refused" ? answer.code : answer.kind;
    ends[end] = (ends[end] ?? 0) + 1;
    // Rows that depend on the plan are not compared; that there are any, or an error, is.
    const held: Guarded = answer.kind === "rows" && !trial.exact ? { ...answer, whole: false } : answer;
    if (answer.kind === "rows") compared++;
    let fault = await faultOf(held, statement.sql, [workshop.dir], async () => twin.run(statement.sql));
    const isHard = fault !== undefined && /secret|own|unavailable/.test(fault);
    if ((fault !== undefined && !isHard) || (answer.kind === "rows" && trial.seed % SPOT_CHECK === 0)) {
      askedTwice++;
      const there = await ask(neighbour, CALLER, statement, 1, TIMEOUT_MS);
      const differs = !isBound(answer) && !isBound(there) && !alike(answer, there);
      if (fault !== undefined && !differs) harmless++;
      fault = differs
        ? `${fault ?? "differs"}; depends on what is hidden: ${shown(answer)} / ${shown(there)}`
        : undefined;
    }
    if (fault !== undefined) faults.push(`seed ${trial.seed}: ${fault}\n    ${statement.sql}`);
    if (++tried % LOOK_EVERY === 0 && fingerprint(workshop.dir) !== before) {
      faults.push(`files changed at or before seed ${trial.seed}`);
      workshop.restore();
    }
  };

  const start = performance.now();
  const queue = trials(SQLITE, corpus, seed, count);
  try {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let next = queue.next(); !next.done && faults.length < MOST_FAULTS; next = queue.next())
          await tryOne(next.value);
      }),
    );
    if (fingerprint(workshop.dir) !== before) faults.push("files changed");
  } finally {
    twin.close();
    await source.close();
    await neighbour.close();
    workshop.remove();
  }
  const perSecond = Math.round(tried / ((performance.now() - start) / 1000));
  return { tried, ends, compared, askedTwice, harmless, faults, perSecond };
}

function shown(answer: Guarded): string {
  return `${answer.text.slice(0, 100)}${answer.kind === "refused" ? ` (${answer.cause.slice(0, 100)})` : ""}`;
}

function alike(one: Guarded, other: Guarded): boolean {
  if (one.kind === "rows" && other.kind === "rows") return digest(one.rows) === digest(other.rows);
  return one.kind === "refused" && other.kind === "refused" && one.code === other.code;
}

/** The plain engine on the twin, in this process: what a guard has answered in time, it answers in time as well. */
function openTwin(file: string): { run(sql: string): NaiveOutcome; close(): void } {
  const db = new DatabaseSync(file, { readOnly: true });
  const identity: Readonly<Record<string, string | undefined>> = {
    subject: CALLER.subject,
    tenant: CALLER.tenant,
    issuer: CALLER.issuer,
  };
  db.function("identity", (name) => identity[String(name)] ?? null);
  return {
    run(sql) {
      try {
        const statement = db.prepare(sql);
        statement.setReadBigInts(true);
        statement.setReturnArrays(true);
        const rows: unknown[][] = [];
        for (const row of statement.iterate() as unknown as Iterable<SQLOutputValue[]>) {
          if (rows.push(row.map(cell)) > LIMITS.maxRows) return { kind: "huge", session: false };
        }
        return { kind: "rows", rows, session: false };
      } catch (error) {
        return { kind: "error", message: (error as Error).message, session: false };
      }
    },
    close: () => db.close(),
  };
}
