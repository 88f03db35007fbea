import { ours } from "../lib/database-servers.ts";
import type { LineClient } from "../lib/line-client.ts";
import { median, shown, table } from "../lib/measure.ts";

const ROUNDS = 15;
const TIMEOUT_MS = 400;
const MIB = 2 ** 20;

/** Never ends by itself, and never yields either. */
const RUNAWAY = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
const NEXT = "select * from orders where id = 4242";

const TEN_MILLION =
  "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000000) select i, 'row ' || i, i * 2 from n";

/** How long a runaway statement outlives its deadline, when the next caller is served, and what a huge result takes. */
export async function benchBounds(folder: string, file: string, url: string): Promise<string> {
  const rows: string[][] = [];
  for (const [engine, database] of [
    ["SQLite", { file }],
    ["PostgreSQL", { url }],
  ] as const) {
    const server = ours(`${folder}-${engine}`, database, { timeoutMs: TIMEOUT_MS });
    const client = await server.start();
    const [late, next] = await runaways(client, server.tool);
    rows.push([
      engine,
      `${shown(median(late))} ms, at most ${shown(Math.max(...late))}`,
      `${shown(median(next))} ms, at most ${shown(Math.max(...next))}`,
      await tenMillion(client, server.tool, TEN_MILLION),
    ]);
    await client.close();
  }
  return [
    `A statement that never ends, ${ROUNDS} times, with a deadline of ${TIMEOUT_MS} ms, and a caller right behind it; then the first page of ten million rows.`,
    "",
    table(
      ["", "stopped after its deadline (target: 50 ms)", "the next caller is served within", "ten million rows"],
      rows,
    ),
  ].join("\n");
}

async function runaways(client: LineClient, tool: string): Promise<readonly [number[], number[]]> {
  const [late, next]: [number[], number[]] = [[], []];
  await client.call(tool, { sql: NEXT });
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    const answer = await client.request("tools/call", { name: tool, arguments: { sql: RUNAWAY } });
    const stopped = performance.now();
    if (!JSON.stringify(answer).includes('"timeout"')) throw new Error(`no timeout: ${JSON.stringify(answer)}`);
    await client.call(tool, { sql: NEXT });
    late.push(stopped - from - TIMEOUT_MS);
    next.push(performance.now() - stopped);
  }
  return [late, next];
}

async function tenMillion(client: LineClient, tool: string, sql: string): Promise<string> {
  const before = client.treePeakBytes();
  const from = performance.now();
  await client.call(tool, { sql });
  const ms = performance.now() - from;
  const grown = client.treePeakBytes() - before;
  return `first page in ${shown(ms)} ms, peak memory ${shown(grown / MIB)} MiB over ${shown(before / MIB)}`;
}
