import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openState, type StateStore } from "../../src/index.ts";
import { startRedis } from "../support/redis.ts";
import { MAC_KEY } from "../support/settings.ts";
import type { TestServer } from "../support/test-server.ts";

const TAMPERED = { name: "StateError", code: "tampered" };
const LONG = { ttlMs: 60_000 };
const space = (namespace: string) => `hardened-mcp:{${namespace}}`;

let server: TestServer;
let attacker: Redis;
beforeAll(async () => {
  server = await startRedis();
  attacker = new Redis(server.url);
});
afterAll(async () => {
  attacker.disconnect();
  await server.stop();
});

async function withStore(namespace: string, run: (store: StateStore, changes: boolean[]) => Promise<void>) {
  const changes: boolean[] = [];
  const onChange = (available: boolean) => void changes.push(available);
  const store = await openState(server.url, { namespace, macKeys: [MAC_KEY], timeoutMs: 5_000, onChange });
  await run(store, changes);
  await store.close();
}

describe("a count in Redis that somebody else wrote is tampered, and nothing else is the worse for it:", () => {
  test.each<[string, (key: string) => Promise<unknown>]>([
    ["text", (key) => attacker.set(key, "junk")],
    ["nothing", (key) => attacker.set(key, "")],
    ["a fraction", (key) => attacker.set(key, "1.5")],
    ["an exponent", (key) => attacker.set(key, "1e3")],
    ["hexadecimal", (key) => attacker.set(key, "0x10")],
    ["a number with a space", (key) => attacker.set(key, " 1")],
    ["a number with a zero before it", (key) => attacker.set(key, "01")],
    ["less than nothing of nothing", (key) => attacker.set(key, "-0")],
    ["not a number", (key) => attacker.set(key, "nan")],
    ["without end", (key) => attacker.set(key, "inf")],
    ["the most that Redis counts to", (key) => attacker.set(key, "9223372036854775807")],
    ["the least that Redis counts to", (key) => attacker.set(key, "-9223372036854775808")],
    ["more than is exact", (key) => attacker.set(key, "9007199254740992")],
    ["as much as is exact, and one more is not", (key) => attacker.set(key, "9007199254740991")],
    ["a list", (key) => attacker.rpush(key, "1")],
    ["a hash", (key) => attacker.hset(key, "a", "1")],
  ])("%s", async (name, write) => {
    const namespace = `count-${name.replaceAll(/[^a-z]+/g, "-")}`;
    await withStore(namespace, async (store, changes) => {
      await write(`${space(namespace)}:count:calls/alice`);
      for (let round = 0; round < 3; round++) {
        await expect(store.increment("calls/alice", 1, LONG)).rejects.toMatchObject(TAMPERED);
        expect((await store.increment("calls/bob", 1, LONG)).value).toBe(round + 1);
      }
      await store.put("calls/alice", "an entry", LONG);
      expect(await store.get("calls/alice")).toBe("an entry");
      await store.delete("calls/alice");
      expect((await store.increment("calls/alice", 1, LONG)).value).toBe(1);
      expect(changes).toEqual([]);
    });
  });
});

test("a count that somebody else set below zero is a count: those who never go down refuse it", async () => {
  await withStore("below", async (store) => {
    await attacker.set(`${space("below")}:count:calls`, "-5", "PX", 60_000);
    expect((await store.increment("calls", 1, LONG)).value).toBe(-4);
  });
});

test("an entry in Redis that is no text is tampered, and nothing else is the worse for it", async () => {
  await withStore("entry", async (store, changes) => {
    await store.put("other", "1", LONG);
    await store.put("grant", "1", LONG);
    const key = `${space("entry")}:entry:grant`;
    await attacker.del(key);
    await attacker.rpush(key, "junk");
    await expect(store.get("grant")).rejects.toMatchObject(TAMPERED);
    await expect(store.compareAndDelete("grant", "1")).rejects.toMatchObject(TAMPERED);
    await expect(store.list("grant")).rejects.toMatchObject(TAMPERED);
    expect(await store.putIfAbsent("grant", "2", LONG)).toBe(false);
    expect(await store.get("other")).toBe("1");
    expect((await store.list("other")).entries).toHaveLength(1);
    await store.delete("grant");
    expect(await store.putIfAbsent("grant", "2", LONG)).toBe(true);
    expect(changes).toEqual([]);
  });
});

test.each(["names", "ends"])("an index of %s that is none is tampered; what needs no index goes on", async (index) => {
  const namespace = `index-${index}`;
  await withStore(namespace, async (store, changes) => {
    await store.put("before", "1", LONG);
    await attacker.set(`${space(namespace)}:${index}`, "junk");
    await expect(store.put("a", "1", LONG)).rejects.toMatchObject(TAMPERED);
    expect(await store.get("before")).toBe("1");
    expect((await store.increment("calls", 1, LONG)).value).toBe(1);
    expect(changes).toEqual([]);
  });
});
