import { ECHO_CALL } from "../lib/echo-call.ts";
import { HttpTarget } from "../lib/http-client.ts";
import { inTurn, measureRate, ratio, shown, spread, table } from "../lib/measure.ts";

const CONNECTIONS = 16;
const WARM_UP = 2_000;
const CALLS = 1_000;
const ROUNDS = 20;

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
      for (const target of targets.values()) await measureRate(() => target.post(body, headers), WARM_UP, CONNECTIONS);
      const cost = await inTurn([...targets.keys()], ROUNDS, async (name) => {
        const target = targets.get(name);
        if (target === undefined) throw new TypeError("no such target");
        const before = target.cpuMicroseconds();
        await measureRate(() => target.post(body, headers), CALLS, CONNECTIONS);
        return (target.cpuMicroseconds() - before) / CALLS;
      });
      const sdk = cost.get("bare SDK handler") ?? [];
      for (const [name, values] of cost) {
        rows.push([era, name, `${spread(values)} µs`, `${shown(ratio(values, sdk))} ×`]);
      }
    }
  } finally {
    for (const target of targets.values()) target.close();
  }
  return [
    "### HTTP",
    "",
    `One \`tools/call\` over keep-alive connections (${CONNECTIONS}), server CPU per call with its middle half. Target: ours without audit at most 1.15 × the bare SDK handler.`,
    "",
    table(["revision", "server", "CPU per call", "of the bare SDK"], rows),
  ].join("\n");
}
