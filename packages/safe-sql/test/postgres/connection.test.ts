import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { openPostgres } from "../../src/postgres/index.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, openRight, SAMPLE } from "./support/sample.ts";

let server: TestPostgres;
let ca: string;

beforeAll(async () => {
  const authority = await createTestCa();
  ca = authority.cert;
  server = await startPostgres({ tls: await authority.issue({ names: ["db.example"] }) });
  await server.admin(SAMPLE);
  await server.admin("grant select on orders to reader");
});
afterAll(() => server?.stop());
afterEach(() => vi.unstubAllEnvs());

describe("TLS", () => {
  it("is used and verified, for orders to stop, too", async () => {
    const source = await openPostgres({ url: server.urlOf("reader"), tls: { ca, serverName: "db.example" } });
    const started = performance.now();
    await expect(
      source.query({ sql: "select count(*) from orders a, orders b, orders c", caller: CALLER, timeoutMs: 200 }),
    ).rejects.toMatchObject({ code: "timeout" });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect((await source.query({ sql: "select 1", caller: CALLER })).rows).toEqual([[1]]);
    await source.close();
  });

  it.each([
    ["an authority that is not trusted", {}],
    ["another name", { serverName: "other.example" }],
  ])("refuses %s, whatever the environment says", async (_, tls) => {
    vi.stubEnv("PGSSLMODE", "no-verify");
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const trusted = "serverName" in tls ? { ca, ...tls } : { serverName: "db.example" };
    await expect(openPostgres({ url: server.urlOf("reader"), tls: trusted })).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});

describe("the environment", () => {
  it("takes no part", async () => {
    for (const [name, value] of Object.entries({
      PGHOST: "192.0.2.1",
      PGUSER: "postgres",
      PGPASSWORD: "wrong",
      PGDATABASE: "template1",
      PGOPTIONS: "-c standard_conforming_strings=off -c statement_timeout=0",
      PGREPLICATION: "database",
      PGAPPNAME: "x",
      PGSSLNEGOTIATION: "direct",
      PGCLIENT_ENCODING: "LATIN1",
    }))
      vi.stubEnv(name, value);
    const url = server.urlOf("reader").replace("?sslmode=verify-full", "");
    const source = await openRight(server, { url, rules: { tables: { orders: {} }, functions: ["current_setting"] } });
    const { rows } = await source.query({
      sql: "select current_setting('standard_conforming_strings'), current_setting('application_name'), 'é'",
      caller: CALLER,
    });
    expect(rows).toEqual([["on", "hardened-mcp", "é"]]);
    await source.close();
  });

  it("gives no password to a role that has none, and leaves no connection open", async () => {
    vi.stubEnv("PGPASSWORD", "password");
    const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    const before = sockets();
    await expect(openPostgres({ url: `postgres://reader@127.0.0.1:${server.port}/postgres` })).rejects.toMatchObject({
      code: "unavailable",
    });
    await vi.waitFor(() => expect(sockets()).toBe(before));
  });
});
