import { afterAll, beforeAll, expect, it } from "vitest";
import { BOMBS } from "./corpus/hostile/sqlite/bombs.ts";
import { faultsOfHostile } from "./support/oracle/sqlite-hostile.ts";
import { type SqliteStand, sqliteStand } from "./support/oracle/sqlite-stand.ts";
import { SMALL } from "./support/sample/tables.ts";

/** Short, since some forty of them use it up. The next caller's deadline is that of the source. */
const TIMEOUT_MS = 150;
/** A process that has just been killed has to start again: two take it in turns. */
const AT_ONCE = 2;

let stands: readonly SqliteStand[];
beforeAll(async () => {
  const open = () => sqliteStand({ size: SMALL, timeoutMs: 8000, naiveMs: 3000 });
  stands = await Promise.all(Array.from({ length: AT_ONCE }, open));
}, 60_000);
afterAll(() => Promise.all(stands.map((stand) => stand.close())), 60_000);

it(`bombs on SQLite end at their deadline, and the next caller is served (${BOMBS.length})`, async () => {
  const queue = BOMBS.values();
  const faults: string[] = [];
  const explodeAll = async (stand: SqliteStand): Promise<void> => {
    for (const statement of queue) faults.push(...(await faultsOfHostile(stand, statement, TIMEOUT_MS)));
  };
  await Promise.all(stands.map(explodeAll));
  expect(faults).toEqual([]);
}, 120_000);
