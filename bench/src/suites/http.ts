import { HttpTarget } from "../lib/http-client.ts";
import { measureRate, median, shown, table } from "../lib/measure.ts";

const CONNECTIONS = 16;
const WARM_UP = 2_000;
const CALLS = 4_000;
const ROUNDS = 5;

const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
const BASE = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const params = { name: "echo", arguments: { text: "hello" } };
const ERAS = {
  "2026-07-28": {
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { ...params, _meta: MODERN_META } }),
    headers: { ...BASE, "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "echo" },
  },
  "2025-11-25": {
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
    headers: { ...BASE, "mcp-protocol-version": "2025-11-25" },
  },
} as const;

const TARGETS = [
  ["bare node:http", "http-bare", []],
  ["bare SDK handler", "http-sdk", []],
  ["ours, no audit", "http-ours", []],
  ["ours, durable audit", "http-ours", ["--audit"]],
] as const;

/** CPU of one call over HTTP, server side, in microseconds; both protocol eras, targets in turn. */
export async function benchHttp(): Promise<string> {
  const targets = new Map<string, HttpTarget>();
  for (const [name, script, args] of TARGETS) {
    targets.set(
      name,
      await HttpTarget.start(new URL(`../servers/${script}.js`, import.meta.url).pathname, args, CONNECTIONS),
    );
  }
  const rows: string[][] = [];
  try {
    for (const [era, { body, headers }] of Object.entries(ERAS)) {
      const cost = new Map<string, number[]>([...targets.keys()].map((name) => [name, []]));
      for (const target of targets.values()) await measureRate(() => target.post(body, headers), WARM_UP, CONNECTIONS);
      for (let round = 0; round < ROUNDS; round++) {
        for (const [name, target] of targets) {
          const before = target.cpuMicroseconds();
          await measureRate(() => target.post(body, headers), CALLS, CONNECTIONS);
          cost.get(name)?.push((target.cpuMicroseconds() - before) / CALLS);
        }
      }
      const sdk = median(cost.get("bare SDK handler") ?? []);
      for (const [name, values] of cost) {
        rows.push([era, name, `${shown(median(values))} µs`, `${shown(median(values) / sdk)} ×`]);
      }
    }
  } finally {
    for (const target of targets.values()) target.close();
  }
  return [
    "### HTTP",
    "",
    `One \`tools/call\` over keep-alive connections (${CONNECTIONS}), server CPU per call. Target: ours without audit at most 1.15 × the bare SDK handler.`,
    "",
    table(["revision", "server", "CPU per call", "of the bare SDK"], rows),
  ].join("\n");
}
