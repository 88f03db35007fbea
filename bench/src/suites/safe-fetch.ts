import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { createSafeFetch } from "@hardened-mcp/safe-fetch";
import { Agent, fetch, request } from "undici";
import { inTurn, measureRate, median, ratio, shown, spread, table } from "../lib/measure.ts";

const ROUNDS = 15;
const CALLS = 2_000;
const IN_FLIGHT = 32;
const TARGET_MICROSECONDS = 30;

/** What safe-fetch adds to a request on a connection that is kept: its own request and fetch against undici's. */
export async function benchSafeFetch(): Promise<string> {
  const { port, child } = await startUpstream();
  const url = `http://localhost:${port}/items/1?q=a`;
  // As many connections as ours, and the same protocol: what is compared is the way, not the pool.
  const agent = new Agent({ connections: IN_FLIGHT, pipelining: 1, allowH2: false });
  const safe = createSafeFetch({
    allow: [{ host: "localhost", ports: [port], schemes: ["http"] }],
    connections: IN_FLIGHT,
  });
  const ways = {
    "undici request": async () => (await request(url, { dispatcher: agent })).body.arrayBuffer(),
    "safe-fetch request": async () => drained((await safe.request(url)).body),
    "undici fetch": async () => (await fetch(url, { dispatcher: agent })).arrayBuffer(),
    "safe-fetch fetch": async () => (await safe.fetch(url)).arrayBuffer(),
    "undici request over our dispatcher": async () =>
      (await request(url, { dispatcher: safe.dispatcher })).body.arrayBuffer(),
  } as const;
  type Way = keyof typeof ways;
  const names = Object.keys(ways) as Way[];
  try {
    for (const name of names) await measureRate(ways[name], CALLS, IN_FLIGHT);
    const alone = await inTurn(names, ROUNDS, async (name) => (await measureRate(ways[name], CALLS, 1)).p50Ms * 1_000);
    const cpu = await inTurn(names, ROUNDS, (name) => cpuOf(ways[name]));
    const figures = (of: ReadonlyMap<Way, readonly number[]>, name: Way) => of.get(name) ?? [];
    const more = (name: Way, than: Way) =>
      median(figures(alone, name).map((value, round) => value - (figures(alone, than)[round] ?? Number.NaN)));
    const row = (name: Way, than?: Way) => [
      name,
      `${spread(figures(alone, name))} µs`,
      than === undefined ? "" : `${shown(more(name, than))} µs`,
      `${spread(figures(cpu, name))} µs`,
      than === undefined ? "" : `× ${shown(ratio(figures(cpu, name), figures(cpu, than)))}`,
    ];
    return [
      "### safe-fetch",
      "",
      `GET, 1 KiB of JSON, a kept-alive connection, the upstream in a process of its own. Target: at most ${TARGET_MICROSECONDS} µs more than undici's own \`request\`.`,
      "",
      table(
        ["", "p50, one at a time", "more", `CPU per call, ${IN_FLIGHT} in flight`, "of undici's"],
        [
          row("undici request"),
          row("safe-fetch request", "undici request"),
          row("undici request over our dispatcher", "undici request"),
          row("undici fetch"),
          row("safe-fetch fetch", "undici fetch"),
        ],
      ),
    ].join("\n");
  } finally {
    await Promise.all([agent.destroy(), safe.close()]);
    child.kill();
  }
}

async function cpuOf(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await measureRate(call, CALLS, IN_FLIGHT);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

async function drained(body: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  return size;
}

async function startUpstream(): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  const script = new URL("../servers/json-upstream.js", import.meta.url).pathname;
  const child = fork(script, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  if (child.stdout === null) throw new Error("The upstream has no output.");
  for await (const line of createInterface(child.stdout)) return { port: Number(line), child };
  throw new Error("The upstream did not start.");
}
