import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatabaseServer, dbhub, ours } from "../lib/database-servers.ts";
import type { LineClient } from "../lib/line-client.ts";
import { inTurn, measureRate, median, ratio, shown, table } from "../lib/measure.ts";
import { startPostgres } from "../lib/postgres.ts";
import { fillPostgres, fillSqlite, readerRole } from "../lib/sample-orders.ts";
import { benchBounds } from "./database-bounds.ts";
import { benchGate } from "./database-gate.ts";

const ROUNDS = 9;
const STARTS = 7;
const MIB = 2 ** 20;

type Side = "dbhub" | "ours";
type Sides = Readonly<Record<Side, DatabaseServer>>;
const SIDES = ["dbhub", "ours"] as const;

interface Case {
  readonly name: string;
  readonly sql: string;
  readonly rows: number;
  readonly calls: number;
  readonly inFlight: number;
  /** Times the other server's calls a second. */
  readonly target: number;
}

const ONE = { sql: "select * from orders where id = 4242", rows: 1, target: 1 };
const THOUSAND = { sql: "select * from orders where id > 500 order by id limit 1000", rows: 1000, target: 2 };

const CASES: readonly Case[] = [
  { name: "one row, one at a time", ...ONE, calls: 1000, inFlight: 1 },
  { name: "one row, 32 in flight", ...ONE, calls: 6000, inFlight: 32 },
  { name: "1,000 rows of six columns, one at a time", ...THOUSAND, calls: 150, inFlight: 1 },
  { name: "1,000 rows of six columns, 32 in flight", ...THOUSAND, calls: 300, inFlight: 32 },
];

/** Our database server, durable auditing on, against `@bytebase/dbhub`, in turn, one client, on the same data. */
export async function benchDatabase(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "bench-database-"));
  const postgres = await startPostgres();
  try {
    const file = join(folder, "orders.db");
    fillSqlite(file);
    await fillPostgres(postgres.url);
    const reader = await readerRole(postgres.url);
    const at = (name: string): string => join(folder, name);
    const sqlite: Sides = {
      dbhub: dbhub(at("hub-sqlite"), `sqlite://${file}`),
      ours: ours(at("ours-sqlite"), { file }),
    };
    const pg: Sides = {
      dbhub: dbhub(at("hub-pg"), `${reader}?sslmode=disable`),
      ours: ours(at("ours-pg"), { url: reader }),
    };
    return [
      "### Database server",
      "",
      "Against `@bytebase/dbhub`, read-only and capped at 1,000 rows, over stdio: same Node, same client, same data, in turn. Ours writes its audit log to disk before each answer; the other has none. Memory is the sum of the peaks of all processes of a server, PostgreSQL itself left out.",
      "",
      ...(await compare("SQLite", sqlite)),
      "",
      ...(await compare("PostgreSQL", pg)),
      "",
      await benchGate(file, reader),
      "",
      await benchBounds(at("bounds"), file, reader),
    ].join("\n");
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(engine: string, sides: Sides): Promise<string[]> {
  const rows = [await compareStarts(sides)];
  for (const one of CASES) rows.push(...(await compareCase(one, sides)));
  return [table([engine, "dbhub", "ours", "ratio", "target"], rows)];
}

async function compareStarts(sides: Sides): Promise<string[]> {
  const figures = await inTurn(SIDES, STARTS, async (side) => {
    const from = performance.now();
    const client = await sides[side].start();
    const ms = performance.now() - from;
    await client.close();
    return ms;
  });
  const [theirs, own] = [figures.get("dbhub") ?? [], figures.get("ours") ?? []];
  return [
    "start to the first tools/list answer",
    `${shown(median(theirs))} ms`,
    `${shown(median(own))} ms`,
    `${shown(ratio(theirs, own))} ×`,
    "1 ×",
  ];
}

/** Fresh servers for each case, so that peak memory is that case's own. */
async function compareCase(one: Case, sides: Sides): Promise<string[][]> {
  const clients: Record<Side, LineClient> = { dbhub: await sides.dbhub.start(), ours: await sides.ours.start() };
  for (const side of SIDES) {
    const { length } = await sides[side].query(clients[side], one.sql);
    if (length !== one.rows) throw new Error(`${side} answered ${length} rows to ${one.sql}`);
  }
  const figures = await inTurn(SIDES, ROUNDS + 1, async (side) => {
    const call = (): Promise<unknown> => clients[side].call(sides[side].tool, { sql: one.sql });
    return (await measureRate(call, one.calls, one.inFlight)).perSecond;
  });
  const [theirMiB, ourMiB] = [clients.dbhub.treePeakBytes() / MIB, clients.ours.treePeakBytes() / MIB];
  await Promise.all([clients.dbhub.close(), clients.ours.close()]);
  // The first round warms up.
  const [theirs, own] = [(figures.get("dbhub") ?? []).slice(1), (figures.get("ours") ?? []).slice(1)];
  return [
    [
      `${one.name}, calls/s`,
      shown(median(theirs)),
      shown(median(own)),
      `**${shown(ratio(own, theirs))} ×**`,
      `at least ${one.target} ×`,
    ],
    [
      "its peak memory",
      `${shown(theirMiB)} MiB`,
      `${shown(ourMiB)} MiB`,
      `${shown(ourMiB / theirMiB)} ×`,
      "at most 0.5 ×",
    ],
  ];
}
