import { ECHO_CALL } from "../lib/echo-call.ts";
import { HttpTarget } from "../lib/http-client.ts";
import { measureRate, median, shown, table } from "../lib/measure.ts";

const CONNECTIONS = 16;
const WARM_UP = 2_000;
const CALLS = 4_000;
const ROUNDS = 5;

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
      await HttpTarget.start(new URL(`../servers/${script}.js`, import.meta.url).pathname, args, {
        connections: CONNECTIONS,
      }),
    );
  }
  const rows: string[][] = [];
  try {
    for (const [era, { body, headers }] of Object.entries(ECHO_CALL)) {
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
