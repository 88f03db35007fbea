import type { StateStore } from "@hardened-mcp/state";
import { measureRate, median, shown, table } from "../lib/measure.ts";
import { startStores } from "../lib/stores.ts";

const ROUNDS = 5;
const CALLS = 1_000;
const IN_FLIGHT = 64;
const VALUE = "x".repeat(64);
const TTL = { ttlMs: 600_000 } as const;

/** Each with a key of its own; what an operation needs to find is put there beforehand. */
const OPERATIONS: Readonly<
  Record<
    string,
    { before?(store: StateStore, key: string): Promise<unknown>; run(store: StateStore, key: string): Promise<unknown> }
  >
> = {
  get: { before: (store, key) => store.put(key, VALUE, TTL), run: (store, key) => store.get(key) },
  put: { run: (store, key) => store.put(key, VALUE, TTL) },
  putIfAbsent: { run: (store, key) => store.putIfAbsent(key, VALUE, TTL) },
  compareAndDelete: {
    before: (store, key) => store.put(key, VALUE, TTL),
    run: (store, key) => store.compareAndDelete(key, VALUE),
  },
  increment: { run: (store) => store.increment("count", 1, TTL) },
  "list, 100 entries": { run: (store) => store.list("listed/") },
};

/** One operation of each store, sealed and checked, beside the least its client can ask. */
export async function benchState(): Promise<string> {
  const { stores, missing } = await startStores();
  const times = new Map<string, number[]>();
  const note = (operation: string, store: string, inFlight: number, time: number): void => {
    const name = `${operation} ${store} ${inFlight}`;
    times.set(name, [...(times.get(name) ?? []), time]);
  };
  try {
    for (const { store } of stores) {
      for (let at = 0; at < 100; at++) await store.put(`listed/${at}`, VALUE, TTL);
    }
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { name, store, floor } of stores) {
        for (const inFlight of [1, IN_FLIGHT]) {
          if (floor !== undefined) {
            const bare = await measureRate(async () => floor(), CALLS, inFlight);
            if (round > 0) note("floor", name, inFlight, 1_000_000 / bare.perSecond);
          }
          for (const [operation, { before, run }] of Object.entries(OPERATIONS)) {
            const keys = Array.from({ length: CALLS }, (_, at) => `${operation}/${round}/${inFlight}/${at}`);
            for (const key of before === undefined ? [] : keys) await before?.(store, key);
            let at = 0;
            const { perSecond } = await measureRate(() => run(store, keys[at++] ?? ""), CALLS, inFlight);
            // The first round warms up.
            if (round > 0) note(operation, name, inFlight, 1_000_000 / perSecond);
          }
        }
      }
    }
  } finally {
    for (const store of stores) await store.close();
  }
  const cell = (operation: string, store: string): string => {
    const [one, many] = [1, IN_FLIGHT].map((inFlight) => times.get(`${operation} ${store} ${inFlight}`));
    if (one === undefined || many === undefined) return "";
    return `${shown(median(one))} / ${shown(median(many))} µs`;
  };
  return [
    "### Shared state",
    "",
    `One operation with a value of ${VALUE.length} bytes: one at a time / each of ${IN_FLIGHT} in flight. The floor is the least the bare client can ask: an upsert in SQLite, \`PING\`, \`SELECT 1\`. A store holds tens of thousands of entries by the end.`,
    "",
    table(
      ["", ...stores.map(({ name }) => name)],
      ["floor", ...Object.keys(OPERATIONS)].map((operation) => [
        operation,
        ...stores.map(({ name }) => cell(operation, name)),
      ]),
    ),
    ...missing.flatMap((line) => ["", line]),
  ].join("\n");
}
