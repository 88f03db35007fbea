import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openState } from "../../src/index.ts";
import { startRedis } from "../support/redis.ts";
import { MAC_KEY } from "../support/settings.ts";
import { type TestServer, until } from "../support/test-server.ts";

let server: TestServer;
let admin: Redis;
beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

const open = (namespace: string, url = server.url) =>
  openState(url, { namespace, macKeys: [MAC_KEY], timeoutMs: 5_000 });

test("names of expired entries leave the indexes, and the indexes leave with the last one", async () => {
  const store = await open("indexes");
  const index = "hardened-mcp:{indexes}:names";
  for (let i = 0; i < 50; i++) await store.put(`jti ${i}`, "", { ttlMs: 1 });
  expect(await admin.zcard(index)).toBe(50);
  await until("they were swept", async () => {
    await store.put("another", "", { ttlMs: 1_000 });
    return (await admin.zcard(index)) === 1;
  });
  expect(await admin.zcard("hardened-mcp:{indexes}:ends")).toBe(1);
  expect(await admin.pttl(index)).toBeGreaterThan(0);
  await store.delete("another");
  expect(await admin.exists(index)).toBe(0);
  await store.close();
});

test("a listing finds its entries among the ten thousand of others without looking at them", async () => {
  const pipeline = admin.pipeline();
  for (let i = 0; i < 10_000; i++) pipeline.set(`somebody else ${i}`, "x");
  await pipeline.exec();
  const store = await open("among");
  await store.put("a", "1", { ttlMs: 60_000 });
  await admin.config("RESETSTAT");
  expect((await store.list("")).entries).toHaveLength(1);
  expect(await admin.info("commandstats")).not.toMatch(/cmdstat_(scan|keys):/);
  await store.close();
});

test("a Redis that drops entries when memory is short is refused, unless that is asked for", async () => {
  const evicting = await startRedis({ args: ["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"] });
  const opening = open("evicting", evicting.url);
  await expect(opening).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("allkeys-lru") });
  const dangerous = { namespace: "evicting", macKeys: [MAC_KEY], dangerouslyAllowEviction: true };
  await (await openState(evicting.url, dangerous)).close();
  await evicting.stop();
});

test("a full Redis that keeps its entries refuses writes, and is away until there is room", async () => {
  const full = await startRedis({ args: ["--maxmemory", "1", "--maxmemory-policy", "noeviction"] });
  const store = await openState(full.url, { namespace: "full", macKeys: [MAC_KEY], probeMs: 20 });
  await expect(store.put("a", "1", { ttlMs: 60_000 })).rejects.toMatchObject({ code: "unavailable" });
  await expect(store.get("a")).rejects.toMatchObject({ code: "unavailable" });
  const operator = new Redis(full.url);
  await operator.config("SET", "maxmemory", "0");
  operator.disconnect();
  await until("there is room", () =>
    store.put("a", "1", { ttlMs: 60_000 }).then(
      () => true,
      () => false,
    ),
  );
  await store.close();
  await full.stop();
});

test("a wrong password is refused, and repeated nowhere", async () => {
  const locked = await startRedis({ args: ["--requirepass", "right"] });
  const error = await open("locked", locked.url.replace("//", "//:hunter2@")).catch((caught) => caught);
  expect(error).toMatchObject({ code: "unavailable" });
  expect(error.cause.message).toMatch(/WRONGPASS|AUTH/);
  expect(`${error.stack} ${error.cause.stack}`).not.toContain("hunter2");
  await (await open("locked", locked.url.replace("//", "//:right@"))).close();
  await locked.stop();
});

test("where redis-server is missing, the tests fail and say what to install", () => {
  const support = join(import.meta.dirname, "../support/redis.ts");
  const script = `import { startRedis } from ${JSON.stringify(support)}; await startRedis();`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script], {
    encoding: "utf8",
    env: { PATH: "/nowhere" },
  });
  expect(status).not.toBe(0);
  expect(stderr).toContain("apt-get install -y redis-server");
});
