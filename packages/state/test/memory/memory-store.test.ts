import { expect, test } from "vitest";
import { checkedStore } from "../../src/checked.ts";
import { memoryStore } from "../../src/index.ts";
import { memoryDriver } from "../../src/memory/driver.ts";
import { contract } from "../suites/contract.ts";
import { sealedPair } from "../support/stores.ts";

const monotonic = () => performance.now();

// Two replicas cannot share memory: closing one must not empty the other, so each open is a driver behind two faces.
contract("memory", async () => {
  const driver = memoryDriver(monotonic, 10_000);
  return { first: checkedStore(driver), second: checkedStore(driver) };
});
contract("memory, sealed", async () => {
  const driver = memoryDriver(monotonic, 10_000);
  return sealedPair(async () => driver);
});

test("what expires leaves without being asked for", async () => {
  let now = 0;
  const store = memoryStore({ now: () => now, maxEntries: 100 });
  for (let i = 0; i < 10_000; i++) {
    now += 1;
    await store.put(`jti ${i}`, "", { ttlMs: 20 });
  }
  expect((await store.list("", { limit: 1000 })).entries.length).toBeLessThanOrEqual(20);
});

test("a full store refuses new entries, and forgets none", async () => {
  const store = memoryStore({ maxEntries: 3 });
  for (const key of ["a", "b"]) await store.put(key, "kept", { ttlMs: 60_000 });
  await store.increment("count", 1, { ttlMs: 60_000 });
  await expect(store.putIfAbsent("c", "new", { ttlMs: 60_000 })).rejects.toMatchObject({ code: "unavailable" });
  expect(await store.get("a")).toBe("kept");
  await store.put("a", "replaced", { ttlMs: 60_000 });
  expect((await store.increment("count", 1, { ttlMs: 60_000 })).value).toBe(2);
});

test("a misspelt option is refused with the right name", () => {
  const options: object = { maxEntires: 3 };
  expect(() => memoryStore(options)).toThrow('Did you mean "maxEntries"?');
});
