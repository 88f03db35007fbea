// A replica of its own: one process, its own connections, and a clock as wrong as the test wants it.
import { openState, type StateStore } from "../../src/index.ts";

/** What a replica is started with, as JSON in its first argument. */
export interface ReplicaTask {
  readonly url: string;
  readonly macKey: string;
  /** Added to this process's clock. */
  readonly skewMs: number;
  readonly work: "increment" | "take" | "put" | "hammer";
  readonly key: string;
  readonly times: number;
  readonly ttlMs: number;
}

const WORK: Readonly<Record<ReplicaTask["work"], (store: StateStore, task: ReplicaTask) => Promise<unknown>>> = {
  increment: async (store, { key, times, ttlMs }) => {
    const all = Array.from({ length: times }, () => store.increment(key, 1, { ttlMs }));
    return (await Promise.all(all)).map(({ value }) => value);
  },
  take: async (store, { key, times }) => {
    const won: number[] = [];
    for (let i = 0; i < times; i++) if (await store.compareAndDelete(`${key}${i}`, "grant")) won.push(i);
    return won;
  },
  put: (store, { key, ttlMs }) => store.put(key, "from a replica", { ttlMs }),
  /** Writes without end, until it is killed in the middle. */
  hammer: async (store, { key, ttlMs }) => {
    process.stdout.write('"started"\n');
    for (;;) {
      await Promise.all([
        store.increment(`${key}/count`, 1, { ttlMs }),
        store.put(`${key}/entry`, "from a replica", { ttlMs }),
        store.compareAndDelete(`${key}/entry`, "from a replica"),
      ]);
    }
  },
};

if (process.argv[1] === import.meta.filename) {
  const task: ReplicaTask = JSON.parse(process.argv[2] ?? "{}");
  const { now } = Date;
  Date.now = () => now() + task.skewMs;
  const store = await openState(task.url, {
    namespace: "replicas",
    macKeys: [Buffer.from(task.macKey, "hex")],
    timeoutMs: 10_000,
  });
  process.stdout.write(`${JSON.stringify((await WORK[task.work](store, task)) ?? null)}\n`);
  await store.close();
}
