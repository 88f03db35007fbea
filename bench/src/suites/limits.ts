import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRateLimiter } from "@hardened-mcp/limits";
import { createSharedRateLimiter } from "@hardened-mcp/limits/shared";
import { makeCertificate } from "../lib/certificate.ts";
import { ECHO_CALL } from "../lib/echo-call.ts";
import { HttpTarget } from "../lib/http-client.ts";
import { RESOURCE, startIssuer } from "../lib/issuer.ts";
import { measureRate, median, ratio, shown, spread, table } from "../lib/measure.ts";
import { type BenchStore, startStores } from "../lib/stores.ts";

const ROUNDS = 7;
const IN_FLIGHT = 64;
const KEYS = 100;
const CONNECTIONS = 16;
const CALLS = 500;
const HTTP_ROUNDS = 16;

const RULES = { minute: { limit: 1_000_000_000, windowMs: 60_000 } } as const;

/** What one charge of a rate limit costs, and what shared state adds to a whole call. */
export async function benchLimits(): Promise<string> {
  const { stores, missing } = await startStores();
  try {
    return [...(await takes(stores)), "", ...(await wholeCalls(stores)), ...missing.flatMap((line) => ["", line])].join(
      "\n",
    );
  } finally {
    for (const store of stores) await store.close();
  }
}

interface Work {
  readonly name: string;
  readonly calls: number;
  run(at: number): unknown;
}

async function takes(stores: readonly BenchStore[]): Promise<readonly string[]> {
  const alone = createRateLimiter({ rules: RULES });
  const works: Work[] = [{ name: "in memory", calls: 50_000, run: (at) => alone.take(`key-${at % KEYS}`, "minute") }];
  for (const { name, store, floor } of stores) {
    const shared = createSharedRateLimiter({ store, rules: RULES });
    const calls = name === "memory" ? 20_000 : 2_000;
    if (floor !== undefined) works.push({ name: floorOf(name), calls, run: floor });
    works.push({ name: `shared over ${name}`, calls, run: (at) => shared.take(`key-${at % KEYS}`, "minute") });
  }
  const times = new Map(works.map(({ name }) => [name, { one: [] as number[], many: [] as number[] }]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const work of works) {
      const [one, many] = [await timeOf(work, 1), await timeOf(work, IN_FLIGHT)];
      // The first round warms up.
      if (round === 0) continue;
      times.get(work.name)?.one.push(one);
      times.get(work.name)?.many.push(many);
    }
  }
  return [
    "### Limits",
    "",
    `One charge of a rate limit, over ${KEYS} keys. The stores are on this machine, so the way to them is as short as it can be; PostgreSQL syncs each write to disk.`,
    "",
    table(
      ["", "one at a time", `${IN_FLIGHT} in flight, each`],
      [...times].map(([name, { one, many }]) => [name, `${shown(median(one))} µs`, `${shown(median(many))} µs`]),
    ),
  ];
}

function floorOf(store: string): string {
  return { SQLite: "floor: one upsert", Redis: "floor: PING", PostgreSQL: "floor: SELECT 1" }[store] ?? "floor";
}

/** Microseconds for each call. */
async function timeOf({ calls, run }: Work, inFlight: number): Promise<number> {
  let at = 0;
  const { perSecond } = await measureRate(async () => run(at++), calls, inFlight);
  return 1_000_000 / perSecond;
}

/** The whole way over HTTP with a token seen before: revocations and switches are looked up, and the limit charged. */
async function wholeCalls(stores: readonly BenchStore[]): Promise<readonly string[]> {
  const certificate = await makeCertificate();
  const issuer = await startIssuer(certificate);
  const folder = mkdtempSync(join(tmpdir(), "bench-state-"));
  const targets = new Map<string, HttpTarget>();
  try {
    const [keyFile, urlFile] = [join(folder, "state.key"), (name: string): string => join(folder, `${name}.url`)];
    writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
    const auth = {
      resource: RESOURCE,
      issuers: [{ issuer: issuer.issuer, caFile: certificate.certFile, privateAddresses: "allow" }],
    };
    const start = (config: object): Promise<HttpTarget> =>
      HttpTarget.start(new URL("../servers/http-secured.js", import.meta.url).pathname, [JSON.stringify(config)], {
        connections: CONNECTIONS,
      });
    targets.set(NO_STATE, await start({ auth }));
    for (const { name, url } of stores) {
      writeFileSync(urlFile(name), url, { mode: 0o600 });
      const state = { urlFile: urlFile(name), namespace: "bench-http", ...(name === "memory" ? {} : { keyFile }) };
      targets.set(`state in ${name}`, await start({ auth, state }));
    }
    const { body, headers } = ECHO_CALL["2026-07-28"];
    const sent = { ...headers, authorization: `Bearer ${await issuer.token()}` };
    const results = new Map(
      [...targets.keys()].map((name) => [name, { cpu: [] as number[], busy: [] as number[], one: [] as number[] }]),
    );
    for (let round = 0; round <= HTTP_ROUNDS; round++) {
      for (const [name, target] of round % 2 === 0 ? targets : [...targets].reverse()) {
        const before = target.cpuMicroseconds();
        const busy = await measureRate(() => target.post(body, sent), CALLS, CONNECTIONS);
        const cpu = (target.cpuMicroseconds() - before) / CALLS;
        const one = await measureRate(() => target.post(body, sent), CALLS / 10, 1);
        if (round === 0) continue;
        const result = results.get(name);
        result?.cpu.push(cpu);
        result?.busy.push(busy.perSecond);
        result?.one.push(one.p50Ms);
      }
    }
    const base = results.get(NO_STATE)?.cpu ?? [];
    return [
      `One whole \`tools/call\` over HTTP with a token seen before: revocations and switches are asked for, and the limit is charged. CPU is the server's own, without the store's, with its middle half.`,
      "",
      table(
        ["", "CPU per call", "ratio", `calls/s, ${CONNECTIONS} in flight`, "p50, one at a time"],
        [...results].map(([name, { cpu, busy, one }]) => [
          name,
          `${spread(cpu)} µs`,
          `${shown(ratio(cpu, base))} ×`,
          shown(median(busy)),
          `${shown(median(one))} ms`,
        ]),
      ),
    ];
  } finally {
    for (const target of targets.values()) target.close();
    await issuer.close();
    certificate.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

const NO_STATE = "no shared state";
