import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SQLITE_HOSTILE } from "./corpus/hostile/sqlite/index.ts";
import { type NaiveSqlite, naiveSqlite } from "./support/naive/sqlite.ts";
import { type Damage, damageOf } from "./support/oracle/damage.ts";
import { fingerprint } from "./support/oracle/folder.ts";
import { makeSqliteTwin } from "./support/oracle/twin.ts";
import { makeWorkshop, type Workshop } from "./support/oracle/workshop.ts";
import { SMALL } from "./support/sample/tables.ts";

/** What takes longer counts as endless. Only that five do is asked: see below. */
const HANGS_MS = 100;

let workshop: Workshop;
let naive: NaiveSqlite;
let twin: string;
beforeAll(() => {
  workshop = makeWorkshop(SMALL);
  twin = `${workshop.aside}/twin.db`;
  makeSqliteTwin(workshop.file, twin, new Map());
  naive = naiveSqlite(workshop.dir, HANGS_MS);
}, 60_000);
afterAll(() => {
  naive.close();
  workshop.remove();
});

/** A corpus that does no damage anywhere proves nothing about a guard. */
describe("hostile statements without a guard", () => {
  it("do damage on a SQLite handle that is opened read-only", async () => {
    const done = await damages("prepare");
    // Measured: 480 of 792. The others try what SQLite itself or the handle refuses, and stay, since a guard has to as well.
    expect(undamaged(done)).toBeLessThan(done.length * 0.45);
    for (const kind of [
      "shows a secret",
      "tells of what is hidden",
      "changes a file",
      "changes the session",
      "does not end",
    ] as const) {
      expect(done.filter((damage) => damage === kind).length, kind).toBeGreaterThanOrEqual(5);
    }
  }, 120_000);

  it("do damage where only the first word is looked at", async () => {
    const done = await damages("prefix");
    expect(undamaged(done)).toBeLessThan(done.length * 0.45);
    expect(done.filter((damage) => damage === "changes a file").length).toBeGreaterThanOrEqual(20);
  }, 120_000);
});

function undamaged(done: readonly Damage[]): number {
  return done.filter((damage) => damage === undefined).length;
}

async function damages(mode: "prepare" | "prefix"): Promise<readonly Damage[]> {
  const before = fingerprint(workshop.dir);
  const done: Damage[] = [];
  // Bombs go off in the same way for both.
  const statements = SQLITE_HOSTILE.filter(({ name }) => mode === "prepare" || !name.startsWith("bombs"));
  for (const { sql, params = [] } of statements) {
    const request = { sql: workshop.fill(sql), params };
    const outcome = await naive.run({ ...request, file: workshop.file, mode });
    const changed = fingerprint(workshop.dir) !== before;
    if (changed) workshop.restore();
    done.push(await damageOf(outcome, changed, () => naive.run({ ...request, file: twin, mode: "prepare" })));
  }
  if (process.env["HARDENED_MCP_SQL_COUNTS"] === "1")
    console.log(mode, Object.fromEntries([...Map.groupBy(done, String)].map(([kind, all]) => [kind, all.length])));
  return done;
}
