import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SQLITE_HOSTILE } from "./corpus/hostile/sqlite/index.ts";
import { byTheme, type CorpusStatement } from "./corpus/statement.ts";
import { faultOfPlan, type SqliteStand, sqliteStand } from "./support/oracle/sqlite-stand.ts";
import { SMALL } from "./support/sample/tables.ts";

/** Of the source: what is no bomb, and the caller after a bomb, wait longer where the machine is busy. */
const PATIENT_MS = 8000;
/** Of a bomb, short enough for some fifty of them. */
const TIMEOUT_MS = 300;
/** A stop within 50 ms of the deadline, and a machine that is busy with other tests. */
const STOPPED_MS = TIMEOUT_MS + 1200;

let stand: SqliteStand;
beforeAll(async () => {
  stand = await sqliteStand({ size: SMALL, timeoutMs: PATIENT_MS, naiveMs: 3000 });
}, 60_000);
afterAll(() => stand.close(), 60_000);

describe("hostile statements on SQLite", () => {
  it("are at least 400, each of its own name", () => {
    expect(SQLITE_HOSTILE.length).toBeGreaterThanOrEqual(400);
    expect(new Set(SQLITE_HOSTILE.map(({ name }) => name)).size).toBe(SQLITE_HOSTILE.length);
  });

  for (const [title, statements] of byTheme(SQLITE_HOSTILE)) {
    it(`${title}: tells nothing, changes nothing, and the next caller is served (${statements.length})`, async () => {
      const faults: string[] = [];
      for (const statement of statements) {
        for (const fault of await faultsOf(statement)) faults.push(`${statement.name}: ${fault}`);
      }
      expect(faults).toEqual([]);
    }, 120_000);
  }
});

async function faultsOf(statement: CorpusStatement): Promise<string[]> {
  const start = performance.now();
  const isBomb = /^(bombs|advisories):/.test(statement.name);
  const answer = await stand.ask(statement, 20, isBomb ? TIMEOUT_MS : undefined);
  const took = performance.now() - start;
  const found = [
    await stand.fault(statement, answer),
    await faultOfPlan(stand.source, statement, stand.workshop.fill(statement.sql)),
  ];
  if (isBomb && took > STOPPED_MS) found.push(`took ${Math.round(took)} ms`);
  if (stand.filesChanged()) found.push("changed files");
  const next = await stand.ask({ name: "next", sql: "select count(*) from categories" }, 1);
  if (next.kind !== "rows" || next.rows[0]?.[0] !== 60) found.push(`left the source unable to answer: ${next.text}`);
  return found.filter((fault) => fault !== undefined);
}
