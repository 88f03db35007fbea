import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkedStore } from "../src/checked.ts";
import { createSharedSet, memoryStore } from "../src/index.ts";
import { memoryDriver } from "../src/memory/driver.ts";
import { sealed } from "../src/sealed/sealed.ts";
import { sharedSets } from "./suites/shared-set.ts";
import { openDriver } from "./support/open-driver.ts";
import { startRedis } from "./support/redis.ts";
import { freshFolder, settings } from "./support/settings.ts";
import type { TestServer } from "./support/test-server.ts";

const LONG = { ttlMs: 60_000 };
let redis: TestServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const memory = memoryDriver(() => performance.now(), 100_000);
const sqlite = `sqlite://${freshFolder()}/state.db`;

sharedSets("memory", async () => scene(async () => ({ ...memory, close: async () => {} })));
sharedSets("SQLite", async () => scene(() => openDriver(sqlite)));
sharedSets("Redis", async () => scene(() => openDriver(redis.url)));

async function scene(open: () => ReturnType<typeof openDriver>) {
  return {
    first: checkedStore(sealed(await open(), settings())),
    second: checkedStore(sealed(await open(), settings())),
    attacker: await open(),
  };
}

describe("a shared set over memoryStore", () => {
  test("has nothing to wait for until something changes", async () => {
    const store = memoryStore();
    const one = createSharedSet({ store, name: "switches" });
    const other = createSharedSet({ store, name: "switches" });
    expect(one.refresh()).toBeInstanceOf(Promise);
    await one.refresh();
    expect(one.refresh()).toBeUndefined();
    await other.add("read-only", "on", LONG);
    const pending = one.refresh();
    expect(pending).toBeInstanceOf(Promise);
    await pending;
    expect([...one.entries]).toEqual([["read-only", "on"]]);
    expect(one.refresh()).toBeUndefined();
    await one.remove("read-only");
    await one.refresh();
    expect(one.entries.size).toBe(0);
  });

  test("a closed store is unavailable, and what was known stays", async () => {
    const store = memoryStore();
    const set = createSharedSet({ store, name: "switches", maxAgeMs: 1 });
    await set.add("read-only", "on", LONG);
    await set.refresh();
    await store.close();
    await expect(set.refresh()).rejects.toMatchObject({ code: "unavailable" });
    expect([...set.entries.keys()]).toEqual(["read-only"]);
  });
});

describe("a shared set refuses", () => {
  test.each(["", "Switches", "a/b", "a b", "-a", "a".repeat(33), "é"])("the name %j", (name) => {
    expect(() => createSharedSet({ store: memoryStore(), name })).toThrow("lower-case");
  });

  test.each([0, -1, Number.NaN])("a maxAgeMs of %d", (maxAgeMs) => {
    expect(() => createSharedSet({ store: memoryStore(), name: "a", maxAgeMs })).toThrow("maxAgeMs");
  });

  test("a misspelt option", () => {
    const options = { store: memoryStore(), name: "a", maxAgeMS: 5 };
    expect(() => createSharedSet(options)).toThrow('Did you mean "maxAgeMs"?');
  });
});
