import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SQLITE_HOSTILE } from "./corpus/hostile/sqlite/index.ts";
import { byTheme } from "./corpus/statement.ts";
import { faultsOfHostile } from "./support/oracle/sqlite-hostile.ts";
import { type SqliteStand, sqliteStand } from "./support/oracle/sqlite-stand.ts";
import { SMALL } from "./support/sample/tables.ts";

let stand: SqliteStand;
beforeAll(async () => {
  stand = await sqliteStand({ size: SMALL, timeoutMs: 8000, naiveMs: 3000 });
}, 60_000);
afterAll(() => stand.close(), 60_000);

describe("hostile statements on SQLite", () => {
  it("are at least 400, each of its own name", () => {
    expect(SQLITE_HOSTILE.length).toBeGreaterThanOrEqual(400);
    expect(new Set(SQLITE_HOSTILE.map(({ name }) => name)).size).toBe(SQLITE_HOSTILE.length);
  });

  for (const [title, statements] of byTheme(SQLITE_HOSTILE)) {
    // In a file of their own, which runs at the same time: bombs.
    if (title === "bombs") continue;
    it(`${title}: tells nothing, changes nothing, and the next caller is served (${statements.length})`, async () => {
      const faults: string[] = [];
      for (const statement of statements) faults.push(...(await faultsOfHostile(stand, statement)));
      expect(faults).toEqual([]);
    }, 120_000);
  }
});
