import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openState, type StateStore } from "../../src/index.ts";
import { MAC_KEY } from "../support/settings.ts";
import { type TestServer, until } from "../support/test-server.ts";

const LONG = { ttlMs: 60_000 };
const TIMEOUT_MS = 500;
const UNAVAILABLE = { name: "StateError", code: "unavailable" };

/** What callers see while a store that runs as a server of its own is killed, hangs, and comes back. */
export function outage(name: string, start: () => Promise<TestServer>): void {
  describe(`${name}, when it fails:`, () => {
    let server: TestServer;
    let store: StateStore;
    let changes: boolean[];
    const escaped: unknown[] = [];
    const note = (error: unknown) => escaped.push(error);

    beforeAll(async () => {
      process.on("unhandledRejection", note);
      server = await start();
    });
    afterEach(() => store.close());
    afterAll(async () => {
      await server.stop();
      process.off("unhandledRejection", note);
      expect(escaped).toEqual([]);
    });

    async function open(): Promise<string> {
      changes = [];
      store = await openState(server.url, {
        namespace: "outage",
        macKeys: [MAC_KEY],
        timeoutMs: TIMEOUT_MS,
        probeMs: 50,
        onChange: (available) => changes.push(available),
      });
      return randomUUID();
    }

    const attempts = (key: string): (() => Promise<unknown>)[] => [
      () => store.get(key),
      () => store.put(key, "late", LONG),
      () => store.putIfAbsent(key, "late", LONG),
      () => store.compareAndDelete(key, "early"),
      () => store.increment(key, 1, LONG),
      () => store.list(key),
      () => store.delete(key),
    ];

    async function allFail(key: string): Promise<void> {
      for (const attempt of attempts(key)) await expect(attempt()).rejects.toMatchObject(UNAVAILABLE);
    }

    const back = () =>
      until("the store works again", () =>
        store.get("any").then(
          () => true,
          () => false,
        ),
      );

    test("killed: every operation fails within the time limit, says so once, and works again after", async () => {
      const key = await open();
      await store.put(key, "early", LONG);
      await server.kill();
      const asked = performance.now();
      await expect(store.get(key)).rejects.toMatchObject(UNAVAILABLE);
      expect(performance.now() - asked).toBeLessThan(TIMEOUT_MS + 1500);
      const away = performance.now();
      await allFail(key);
      // At once, not each after its own time limit.
      expect(performance.now() - away).toBeLessThan(TIMEOUT_MS);
      await server.restart();
      await back();
      expect(changes).toEqual([false, true]);
      await store.put(key, "again", LONG);
      expect(await store.compareAndDelete(key, "again")).toBe(true);
      expect((await store.increment(key, 1, LONG)).value).toBe(1);
    });

    test("killed in the middle of 300 operations: each ends, none later than the time limit", async () => {
      const key = await open();
      const started = performance.now();
      const all = Array.from({ length: 300 }, (_, index) => store.increment(`${key}${index % 7}`, 1, LONG));
      const killed = server.kill();
      const ends = await Promise.allSettled(all.map((one) => one.finally(() => performance.now() - started)));
      expect(performance.now() - started).toBeLessThan(TIMEOUT_MS + 1500);
      for (const end of ends) if (end.status === "rejected") expect(end.reason).toMatchObject(UNAVAILABLE);
      await killed;
      await server.restart();
      await store.get("any").catch(() => {});
      await back();
    });

    test("hanging: operations fail within the time limit, and what was refused at once never happens", async () => {
      const key = await open();
      await store.put(key, "early", LONG);
      server.pause();
      const asked = performance.now();
      await expect(store.get(key)).rejects.toMatchObject(UNAVAILABLE);
      expect(performance.now() - asked).toBeLessThan(TIMEOUT_MS + 1500);
      const away = performance.now();
      await allFail(key);
      expect(performance.now() - away).toBeLessThan(TIMEOUT_MS);
      server.resume();
      await back();
      expect(changes).toEqual([false, true]);
      expect(await store.get(key)).toBe("early");
      expect((await store.increment(key, 1, LONG)).value).toBe(1);
    });

    test("not there at the start: opening fails, and names no password", async () => {
      await open();
      await server.kill();
      const url = server.url.replace(/\/\/(?:[^@]*@)?/, "//someone:hunter2@");
      const failure = await openState(url, { namespace: "outage", macKeys: [MAC_KEY] }).catch((error) => error);
      expect(failure).toMatchObject(UNAVAILABLE);
      expect(`${failure.stack} ${failure.cause?.stack}`).not.toContain("hunter2");
      await server.restart();
    });

    test("closing while it hangs takes no longer than a moment, and later calls are refused", async () => {
      await open();
      server.pause();
      const hanging = store.get("any");
      const asked = performance.now();
      await Promise.all([store.close(), expect(hanging).rejects.toMatchObject(UNAVAILABLE)]);
      expect(performance.now() - asked).toBeLessThan(2 * TIMEOUT_MS + 1500);
      server.resume();
      await expect(store.get("any")).rejects.toMatchObject(UNAVAILABLE);
    });
  });
}
