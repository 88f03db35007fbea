import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openState } from "../../src/index.ts";
import { startPostgres } from "../support/postgres.ts";
import { MAC_KEY } from "../support/settings.ts";
import { type TestServer, until } from "../support/test-server.ts";

let server: TestServer;
let admin: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  admin = new pg.Client(server.url);
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});

const open = (url = server.url) => openState(url, { namespace: "server", macKeys: [MAC_KEY], timeoutMs: 5_000 });
const as = (user: string, password: string, database = "postgres") =>
  server.url.replace("postgres:password", `${user}:${password}`).replace(/\w+$/, database);

test("eight replicas make the table at once", async () => {
  await admin.query("CREATE DATABASE fresh");
  const stores = await Promise.all(Array.from({ length: 8 }, () => open(as("postgres", "password", "fresh"))));
  await Promise.all(stores.map((store) => store.increment("starts", 1, { ttlMs: 60_000 })));
  expect((await stores[0]?.increment("starts", 0, { ttlMs: 60_000 }))?.value).toBe(8);
  await Promise.all(stores.map((store) => store.close()));
});

test("a role that may only use the table is enough", async () => {
  await (await open()).close();
  await admin.query("CREATE ROLE modest LOGIN PASSWORD 'modest'");
  await admin.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  await admin.query("GRANT SELECT, INSERT, UPDATE, DELETE ON hardened_mcp_state TO modest");
  const store = await open(as("modest", "modest"));
  await store.put("a", "1", { ttlMs: 60_000 });
  expect(await store.compareAndDelete("a", "1")).toBe(true);
  await store.close();
});

test("a role that may only read is unavailable, not silently without effect", async () => {
  await (await open()).close();
  await admin.query("CREATE ROLE reader LOGIN PASSWORD 'reader'");
  await admin.query("GRANT SELECT ON hardened_mcp_state TO reader");
  const store = await open(as("reader", "reader"));
  await expect(store.put("a", "1", { ttlMs: 60_000 })).rejects.toMatchObject({ code: "unavailable" });
  await store.close();
});

test("a wrong password is refused, and repeated nowhere", async () => {
  const error = await open(as("postgres", "hunter2")).catch((caught) => caught);
  expect(error).toMatchObject({ code: "unavailable" });
  expect(error.cause.message).toContain("28P01");
  expect(`${error.stack} ${error.cause.stack}`).not.toContain("hunter2");
});

test("rows that have expired leave the table", async () => {
  const store = await open();
  await Promise.all(Array.from({ length: 100 }, (_, index) => store.put(`jti ${index}`, "", { ttlMs: 1 })));
  await until("they were removed", async () => {
    await store.put("another", "", { ttlMs: 60_000 });
    const { rows } = await admin.query("SELECT count(*)::int AS rows FROM hardened_mcp_state WHERE expires_at < now()");
    return rows[0].rows === 0;
  });
  await store.close();
});

test("a row that somebody else holds is given up in time, and not written later", async () => {
  const impatient = await openState(server.url, {
    namespace: "server",
    macKeys: [MAC_KEY],
    timeoutMs: 200,
    probeMs: 20,
  });
  await impatient.put("held", "before", { ttlMs: 60_000 });
  await admin.query("BEGIN");
  await admin.query("SELECT * FROM hardened_mcp_state FOR UPDATE");
  await expect(impatient.put("held", "late", { ttlMs: 60_000 })).rejects.toMatchObject({ code: "unavailable" });
  await until("the database gave up, too", async () => {
    const waiting = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    return (await admin.query(waiting)).rows[0].n === 0;
  });
  await admin.query("COMMIT");
  await until("the store is back", () =>
    impatient.get("held").then(
      (value) => value === "before",
      () => false,
    ),
  );
  await impatient.close();
});

test("connections that the database ends while they are in use do not end the process", async () => {
  const store = await openState(server.url, { namespace: "ended", macKeys: [MAC_KEY], timeoutMs: 5_000, probeMs: 1 });
  const end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hardened-mcp ended'";
  const escaped: unknown[] = [];
  const note = (error: unknown) => escaped.push(error);
  process.on("uncaughtException", note);
  for (let round = 0; round < 12; round++) {
    const busy = Array.from({ length: 30 }, () => store.increment("count", 1, { ttlMs: 60_000 }));
    await Promise.all([Promise.allSettled(busy), admin.query(end)]);
    await until("the store is back", () =>
      store.get("any").then(
        () => true,
        () => false,
      ),
    );
  }
  process.off("uncaughtException", note);
  expect(escaped).toEqual([]);
  await store.close();
});
