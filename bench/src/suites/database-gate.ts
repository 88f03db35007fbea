import { DatabaseSync } from "node:sqlite";
import type { SqlSource } from "@hardened-mcp/safe-sql";
import { openPostgres } from "@hardened-mcp/safe-sql/postgres";
import { openSqlite } from "@hardened-mcp/safe-sql/sqlite";
import pg from "pg";
import { inTurn, measureRate, median, shown, table } from "../lib/measure.ts";

const ROUNDS = 9;
const CALLS = 1500;
const CALLER = { roles: [], subject: "bench" };

type Way = "bare, same" | "bare, new" | "same" | "new";
const WAYS: readonly Way[] = ["bare, same", "bare, new", "same", "new"];

/** A statement that was not asked before: no cache knows it. */
let asked = 0;
const newStatement = (): string => `select * from orders where id = 4242 and amount >= -${++asked}`;
const SAME = "select * from orders where id = 4242";

/** What one statement costs beside the bare driver, when its text was seen before and when it was not. */
export async function benchGate(file: string, url: string): Promise<string> {
  const rows = [await measureSqlite(file), await measurePostgres(url)];
  return [
    "One row by its key, without a server around it, one at a time. SQLite runs in a process of its own, so each statement of ours takes a trip that the bare driver does not. What the gate costs is the difference between a new text and one seen before: compiling and deciding.",
    "",
    table(
      [
        "",
        "bare driver, same text",
        "bare driver, new text",
        "ours, same text",
        "ours, new text",
        "the gate, not cached",
      ],
      rows,
    ),
  ].join("\n");
}

async function measureSqlite(file: string): Promise<string[]> {
  const bare = new DatabaseSync(file, { readOnly: true });
  const prepared = bare.prepare(SAME);
  const source = await openSqlite({ file });
  const row = await figures("SQLite", source, {
    same: async () => prepared.all(),
    fresh: async (sql) => bare.prepare(sql).all(),
  });
  bare.close();
  return row;
}

async function measurePostgres(url: string): Promise<string[]> {
  const bare = new pg.Client({ connectionString: url });
  await bare.connect();
  const source = await openPostgres({ url });
  const row = await figures("PostgreSQL", source, {
    same: () => bare.query({ name: "same", text: SAME }),
    fresh: (sql) => bare.query(sql),
  });
  await bare.end();
  return row;
}

async function figures(
  engine: string,
  source: SqlSource,
  bare: { readonly same: () => Promise<unknown>; readonly fresh: (sql: string) => Promise<unknown> },
): Promise<string[]> {
  const ask = (sql: string): Promise<unknown> => source.query({ sql, caller: CALLER });
  const ways: Readonly<Record<Way, () => Promise<unknown>>> = {
    "bare, same": bare.same,
    "bare, new": () => bare.fresh(newStatement()),
    same: () => ask(SAME),
    new: () => ask(newStatement()),
  };
  for (const way of WAYS) await measureRate(ways[way], CALLS / 3, 1);
  const times = await inTurn(WAYS, ROUNDS, async (way) => (await measureRate(ways[way], CALLS, 1)).p50Ms * 1000);
  await source.close();
  const microseconds = (way: Way): number => median(times.get(way) ?? []);
  return [
    engine,
    ...WAYS.map((way) => `${shown(microseconds(way))} µs`),
    `**${shown(microseconds("new") - microseconds("same"))} µs**`,
  ];
}
