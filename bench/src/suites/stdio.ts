import { LineClient } from "../lib/line-client.ts";
import { measureRate, median, shown, table } from "../lib/measure.ts";

const WARM_UP = 5_000;
const CALLS = 10_000;
const SEQUENTIAL = 1_000;
const ROUNDS = 5;

const TARGETS = [
  ["bare lines, no protocol", "stdio-bare", []],
  ["bare SDK", "stdio-sdk", []],
  ["ours, no audit", "stdio-ours", []],
  ["ours, durable audit", "stdio-ours", ["--audit"]],
] as const;

/** One small call over stdio: server CPU, and calls a second with 1 and with 32 in flight. */
export async function benchStdio(): Promise<string> {
  const targets = new Map<string, LineClient>();
  for (const [name, script, args] of TARGETS) {
    const client = new LineClient(process.execPath, [
      new URL(`../servers/${script}.js`, import.meta.url).pathname,
      ...args,
    ]);
    await client.open();
    targets.set(name, client);
  }
  const results = new Map(
    [...targets.keys()].map((name) => [name, { cpu: [] as number[], busy: [] as number[], p50: [] as number[] }]),
  );
  for (const client of targets.values()) await measureRate(() => client.call("echo", { text: "hello" }), WARM_UP, 32);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, client] of targets) {
      const before = client.cpuMicroseconds();
      const busy = await measureRate(() => client.call("echo", { text: "hello" }), CALLS, 32);
      const result = results.get(name);
      result?.cpu.push((client.cpuMicroseconds() - before) / CALLS);
      result?.busy.push(busy.perSecond);
      result?.p50.push((await measureRate(() => client.call("echo", { text: "hello" }), SEQUENTIAL, 1)).p50Ms);
    }
  }
  await Promise.all([...targets.values()].map((client) => client.close()));
  return [
    "### stdio",
    "",
    "One `tools/call`, revision 2025-11-25.",
    "",
    table(
      ["server", "CPU per call, 32 in flight", "calls/s, 32 in flight", "p50, one at a time"],
      [...results].map(([name, { cpu, busy, p50 }]) => [
        name,
        `${shown(median(cpu))} µs`,
        shown(median(busy)),
        `${shown(median(p50))} ms`,
      ]),
    ),
  ].join("\n");
}
