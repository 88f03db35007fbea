import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallDocument } from "../lib/api-document.ts";
import { type ApiServer, bareApi, generated, mcpOpenapi, ours, SIDES, type Side } from "../lib/api-servers.ts";
import { startApiUpstream } from "../lib/api-upstream.ts";
import type { LineClient } from "../lib/line-client.ts";
import { inTurn, measureRate, median, ratio, shown, table } from "../lib/measure.ts";
import { benchApiMemory } from "./http-api-memory.ts";
import { benchApiStart } from "./http-api-start.ts";

const ROUNDS = 7;

const PEERS = ["mcp-openapi", "openapi-mcp-generator"] as const;
/** Hands on the first 50,000 characters of an answer and no more, so it is no peer where answers are longer. */
const CUTTING: Side = "mcp-openapi";

interface Case {
  readonly name: string;
  readonly operation: string;
  /** In the answer of whoever really asked. */
  readonly holds: string;
  readonly calls: number;
  readonly inFlight: number;
}

const SMALL = { operation: "getRecord", holds: "record r-1" };
const LARGE = { operation: "getTable", holds: "t-1-99" };

const CASES: readonly Case[] = [
  { name: "1 KiB, one at a time", ...SMALL, calls: 600, inFlight: 1 },
  { name: "1 KiB, 32 in flight", ...SMALL, calls: 2000, inFlight: 32 },
  { name: "100 KiB, one at a time", ...LARGE, calls: 80, inFlight: 1 },
  { name: "100 KiB, 32 in flight", ...LARGE, calls: 160, inFlight: 32 },
];

/** Our HTTP API server with everything on, the SDK with plain `fetch`, and two that are made from the same document. */
export async function benchHttpApi(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "bench-http-api-"));
  const upstream = await startApiUpstream();
  try {
    const { baseUrl } = upstream;
    const document = join(folder, "api.json");
    writeFileSync(document, JSON.stringify(smallDocument(baseUrl)));
    const servers: Readonly<Record<Side, ApiServer>> = {
      "bare SDK": bareApi(baseUrl),
      ours: ours(join(folder, "ours"), document, baseUrl, { cedar: true }),
      "mcp-openapi": mcpOpenapi(document, baseUrl),
      "openapi-mcp-generator": generated(join(folder, "generated"), document),
    };
    const rows: string[][] = [];
    for (const one of CASES) rows.push(await compare(one, servers));
    return [
      "### HTTP API server",
      "",
      "In front of the same local API, over stdio: same Node, same client, in turn. Ours writes its audit log to disk before each answer, asks Cedar, reads its token from a secret file, checks arguments and answers by the document, redacts, and marks what came as data; the API forbids caching. One at a time, each call waits for the disk alone; what it costs is the CPU time, of all threads. The SDK's has zod schemas for both sides, and fetches. Where mcp-openapi cuts the answer it is not counted.",
      "",
      table(
        [
          "calls/s",
          ...SIDES,
          "ours to the SDK's",
          "target",
          "ours to the better peer",
          "target",
          "CPU per call, SDK's / ours",
        ],
        rows,
      ),
      "",
      await benchApiStart(join(folder, "start"), baseUrl),
      "",
      await benchApiMemory(servers),
    ].join("\n");
  } finally {
    await upstream.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(one: Case, servers: Readonly<Record<Side, ApiServer>>): Promise<string[]> {
  const args = { id: "x-1", view: "full", page: 1 };
  const cpu = new Map<Side, number[]>(SIDES.map((side) => [side, []]));
  const clients = new Map<Side, LineClient>();
  const whole = new Set<Side>();
  const ask = async (side: Side): Promise<string> => {
    const { result } = (await clients.get(side)?.call(servers[side].tool(one.operation), args)) ?? {};
    return JSON.stringify(result ?? null);
  };
  try {
    for (const side of SIDES) {
      clients.set(side, (await servers[side].start()).client);
      const answer = await ask(side);
      if (answer.includes(one.holds)) whole.add(side);
      else if (side !== CUTTING) throw new Error(`${side} answered ${answer.slice(0, 400)}`);
    }
    const figures = await inTurn(SIDES, ROUNDS + 1, async (side) => {
      const client = clients.get(side);
      if (client === undefined) throw new Error("no client");
      const before = client.cpuMicroseconds();
      const call = (): Promise<unknown> => client.call(servers[side].tool(one.operation), args);
      const { perSecond } = await measureRate(call, one.calls, one.inFlight);
      cpu.get(side)?.push((client.cpuMicroseconds() - before) / one.calls);
      return perSecond;
    });
    // The first round warms up.
    const of = (side: Side): readonly number[] => (figures.get(side) ?? []).slice(1);
    const cpuOf = (side: Side): readonly number[] => (cpu.get(side) ?? []).slice(1);
    const [peer = "openapi-mcp-generator"] = PEERS.filter((side) => whole.has(side)).sort(
      (one, other) => median(of(other)) - median(of(one)),
    );
    return [
      one.name,
      ...SIDES.map((side) => `${shown(median(of(side)))}${whole.has(side) ? "" : " (cut)"}`),
      `**${shown(ratio(of("ours"), of("bare SDK")))} ×**`,
      "at least 0.85 ×",
      `**${shown(ratio(of("ours"), of(peer)))} ×**`,
      "at least 1 ×",
      `${shown(median(cpuOf("bare SDK")))} / ${shown(median(cpuOf("ours")))} µs`,
    ];
  } finally {
    for (const client of clients.values()) await client.close();
  }
}
