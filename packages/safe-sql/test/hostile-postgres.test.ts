import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POSTGRES_HOSTILE } from "./corpus/hostile/postgres/index.ts";
import { byTheme, type CorpusStatement } from "./corpus/statement.ts";
import { type PostgresStand, postgresStand } from "./support/oracle/postgres-stand.ts";
import { SMALL } from "./support/sample/tables.ts";

/** Of the source: what is no bomb, and the caller after a bomb, wait longer where the machine is busy. */
const PATIENT_MS = 8000;
/** Of a bomb, short enough for some fifty of them. */
const TIMEOUT_MS = 150;
/** The bench says how soon it stops. Here a machine may be busy with other tests; unguarded, a bomb goes on for minutes. */
const STOPPED_MS = TIMEOUT_MS + 15_000;
/** Until a backend has noticed that it was stopped; the longest single function of the corpus takes 1.3 seconds on an idle machine. */
const AT_REST_MS = 15_000;

let stand: PostgresStand;
let before: string;
beforeAll(async () => {
  stand = await postgresStand({ size: SMALL, timeoutMs: PATIENT_MS });
  before = await stand.state();
}, 60_000);
afterAll(() => stand.close(), 60_000);

describe("hostile statements on PostgreSQL", () => {
  it("are at least 400, each of its own name", () => {
    expect(POSTGRES_HOSTILE.length).toBeGreaterThanOrEqual(400);
    expect(new Set(POSTGRES_HOSTILE.map(({ name }) => name)).size).toBe(POSTGRES_HOSTILE.length);
  });

  for (const [title, statements] of byTheme(POSTGRES_HOSTILE)) {
    it(`${title}: tells nothing, changes nothing, and the next caller is served (${statements.length})`, async () => {
      const faults: string[] = [];
      for (const statement of statements) {
        for (const fault of await faultsOf(statement)) faults.push(`${statement.name}: ${fault}`);
      }
      expect(faults).toEqual([]);
      expect(await stand.state()).toBe(before);
    }, 120_000);
  }
});

async function faultsOf(statement: CorpusStatement): Promise<string[]> {
  const start = performance.now();
  const isBomb = /^(bombs|advisories):/.test(statement.name);
  const answer = await stand.ask(statement, 3, isBomb ? TIMEOUT_MS : undefined);
  const took = performance.now() - start;
  const found = [await stand.fault(statement, answer)];
  if (isBomb && took > STOPPED_MS) found.push(`took ${Math.round(took)} ms`);
  if (isBomb && !(await stand.isAtRest(AT_REST_MS))) found.push("keeps the server busy after its answer");
  const next = await stand.ask({ name: "next", sql: "select count(*) from categories" }, 1);
  if (next.kind !== "rows" || next.rows[0]?.[0] !== "60") found.push(`left the source unable to answer: ${next.text}`);
  return found.filter((fault) => fault !== undefined);
}
