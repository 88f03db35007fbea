import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openState, type StateStore } from "../../src/index.ts";
import type { ReplicaTask } from "../support/replica.ts";
import { MAC_KEY } from "../support/settings.ts";
import { until } from "../support/test-server.ts";

const LONG = { ttlMs: 60_000 };

/** What holds between processes: exactness, wrong clocks, sudden ends. */
export function replicas(name: string, url: () => string): void {
  describe.concurrent(`${name}, between processes:`, () => {
    let store: StateStore;
    beforeAll(async () => {
      store = await openState(url(), { namespace: "replicas", macKeys: [MAC_KEY], timeoutMs: 10_000 });
    });
    afterAll(() => store.close());

    const task = (given: Partial<ReplicaTask>): ReplicaTask => ({
      url: url(),
      macKey: MAC_KEY.toString("hex"),
      skewMs: 0,
      work: "increment",
      key: randomUUID(),
      times: 200,
      ...LONG,
      ...given,
    });

    test("two replicas with clocks 90 seconds apart share a count exactly", async () => {
      const shared = task({ skewMs: 45_000 });
      const answers = await Promise.all([run(shared), run({ ...shared, skewMs: -45_000 })]);
      const seen = (answers.flat() as number[]).sort((a, b) => a - b);
      expect(seen).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    });

    test("of two replicas that take the same 50 grants, each grant goes to one", async () => {
      const shared = task({ work: "take", times: 50 });
      for (let i = 0; i < 50; i++) await store.put(`${shared.key}${i}`, "grant", LONG);
      const answers = await Promise.all([run(shared), run(shared)]);
      const won = (answers.flat() as number[]).sort((a, b) => a - b);
      expect(won).toEqual(Array.from({ length: 50 }, (_, index) => index));
    });

    test.each([-50_000, 50_000])("the store's clock rules over a replica's that is off by %i ms", async (skewMs) => {
      const put = task({ work: "put", skewMs });
      await run(put);
      const [entry] = (await store.list(put.key)).entries;
      expect(entry).toMatchObject({ value: "from a replica" });
      expect(entry?.expiresInMs).toBeGreaterThan(LONG.ttlMs - 9_000);
      expect(entry?.expiresInMs).toBeLessThanOrEqual(LONG.ttlMs);
    });

    test("a replica that is killed in the middle of writing leaves nothing locked", async () => {
      const victim = task({ work: "hammer" });
      const child = start(victim);
      if (!child.stdout) throw new Error("no output");
      await once(child.stdout, "data");
      await until("it writes", async () => (await store.increment(`${victim.key}/count`, 0, LONG)).value > 20);
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      const asked = performance.now();
      const { value } = await store.increment(`${victim.key}/count`, 1, LONG);
      expect((await store.increment(`${victim.key}/count`, 1, LONG)).value).toBe(value + 1);
      await store.put(`${victim.key}/entry`, "mine", LONG);
      expect(await store.compareAndDelete(`${victim.key}/entry`, "mine")).toBe(true);
      expect(performance.now() - asked).toBeLessThan(8_000);
    });
  });
}

function start(task: ReplicaTask): ChildProcess {
  const script = join(import.meta.dirname, "../support/replica.ts");
  return spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ["ignore", "pipe", "inherit"] });
}

async function run(task: ReplicaTask): Promise<unknown> {
  const child = start(task);
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, "close");
  expect(code).toBe(0);
  return JSON.parse(output);
}
