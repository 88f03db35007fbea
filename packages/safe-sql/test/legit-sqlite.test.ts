import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SQLITE_LEGIT } from "./corpus/legit/sqlite/index.ts";
import { byTheme, type CorpusStatement } from "./corpus/statement.ts";
import { type SqliteStand, sqliteStand } from "./support/oracle/sqlite-stand.ts";
import { SQLITE_RULES } from "./support/sample/rules.ts";
import { FULL, SMALL } from "./support/sample/tables.ts";

/** `HARDENED_MCP_SQL_SAMPLE=full` runs on more than a million rows. */
const SIZE = process.env["HARDENED_MCP_SQL_SAMPLE"] === "full" ? FULL : SMALL;

for (const [title, rules] of [
  ["without rules", {}],
  ["with rules on five tables", SQLITE_RULES],
] as const) {
  describe(`analytical queries on SQLite, ${title}`, () => {
    let stand: SqliteStand;
    beforeAll(async () => {
      stand = await sqliteStand({ size: SIZE, timeoutMs: 20_000, naiveMs: 60_000, rules });
    }, 120_000);
    afterAll(() => stand.close(), 60_000);

    it("are at least 300, each of its own name", () => {
      expect(SQLITE_LEGIT.length).toBeGreaterThanOrEqual(300);
      expect(new Set(SQLITE_LEGIT.map(({ name }) => name)).size).toBe(SQLITE_LEGIT.length);
    });

    for (const [theme, statements] of byTheme(SQLITE_LEGIT)) {
      it(`${theme}: answered, with the rows of the plain engine (${statements.length})`, async () => {
        const faults: string[] = [];
        for (const statement of statements) {
          const fault = await faultOfAnswer(stand, statement);
          if (fault !== undefined) faults.push(`${statement.name}: ${fault}`);
        }
        expect(faults).toEqual([]);
      }, 600_000);
    }
  });
}

async function faultOfAnswer(stand: SqliteStand, statement: CorpusStatement): Promise<string | undefined> {
  const answer = await stand.ask(statement, 50);
  if (answer.kind === "refused") return `refused: ${answer.code} ${answer.text}`;
  if (answer.kind === "rows" && !answer.whole) return "is not answered whole";
  const there = await stand.twin(statement);
  if (there.kind !== "rows") return `the plain engine does not answer: ${JSON.stringify(there)}`;
  return await stand.fault(statement, answer);
}
