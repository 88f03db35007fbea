import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SqlSource } from "../../src/index.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, openRight, SAMPLE } from "./support/sample.ts";

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(SAMPLE);
});
afterAll(() => server?.stop());

const one = (source: SqlSource, sql = "select 1", more: object = {}) => source.query({ sql, caller: CALLER, ...more });

/** Passes bytes on, until it is told to cut. */
async function startProxy(
  port: number,
): Promise<{ port: number; cutAfter(bytes: number): void; swallow(): void; close(): void }> {
  const sockets = new Set<Socket>();
  let left = Number.POSITIVE_INFINITY;
  let isSwallowing = false;
  const proxy: Server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) sockets.add(socket.on("error", () => {}));
    client.pipe(upstream);
    upstream.on("data", (chunk: Buffer) => {
      if (isSwallowing) return;
      left -= chunk.length;
      if (left < 0) return [client, upstream].forEach((socket) => void socket.destroy());
      client.write(chunk);
    });
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cutAfter(bytes) {
      left = bytes;
    },
    swallow() {
      isSwallowing = true;
    },
    close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe("a database that is away", () => {
  it("killed in mid-statement: `unavailable`, then everything again once it is back", async () => {
    const source = await openRight(server);
    const asked = one(source, "select count(*) from orders a, orders b, orders c").catch((reason: unknown) => reason);
    while (
      (await server.admin("select count(*) from pg_stat_activity where usename = 'reader' and state = 'active'"))
        .rows[0].count === "0"
    );
    await server.kill();
    expect(await asked).toMatchObject({ code: "unavailable" });
    await expect(one(source)).rejects.toMatchObject({ code: "unavailable", hint: undefined });
    expect(await source.health()).toBe("away");
    await server.restart();
    expect((await one(source)).rows).toEqual([[1]]);
    expect(await source.health()).toBe("up");
    await source.close();
  });

  it("cut off in mid-result: no half of a page, then everything again", async () => {
    await openRight(server).then((source) => source.close());
    const proxy = await startProxy(server.port);
    const source = await openRight(server, {
      url: server.urlOf("reader").replace(String(server.port), String(proxy.port)),
    });
    proxy.cutAfter(20_000);
    await expect(one(source, "select * from orders")).rejects.toMatchObject({ code: "unavailable" });
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    expect((await one(source, "select count(*) from orders")).rows).toEqual([[2000]]);
    await source.close();
    proxy.close();
  });

  it("that answers nothing any more is `away`, also while every connection waits for it", async () => {
    await openRight(server).then((source) => source.close());
    const proxy = await startProxy(server.port);
    const url = server.urlOf("reader").replace(String(server.port), String(proxy.port));
    const source = await openRight(server, { url, poolSize: 1 });
    const slow = "select count(*) from generate_series(1, 100000000)";
    const busy = one(source, slow, { timeoutMs: 3000 }).catch((reason: unknown) => reason);
    expect(await source.health()).toBe("up");
    proxy.swallow();
    expect(await source.health()).toBe("away");
    await busy;
    await source.close();
    proxy.close();
  });

  it("ends a connection nobody uses: the next statement does not notice", async () => {
    const source = await openRight(server, { poolSize: 1 });
    await one(source);
    await server.admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'");
    while (
      (await server.admin("select count(*) from pg_stat_activity where usename = 'reader'")).rows[0].count !== "0"
    );
    expect((await one(source)).rows).toEqual([[1]]);
    await source.close();
  });

  it("refuses to open, and says nothing of where it was looked for", async () => {
    const error = await openRight(server, { url: "postgres://reader:hunter2@127.0.0.1:1/db" }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: "unavailable", hint: undefined });
    expect((error as Error).message).not.toMatch(/127|hunter2|reader/);
    const wrong = await openRight(server, { url: server.urlOf("reader", "hunter2") }).catch(
      (reason: unknown) => reason,
    );
    expect(wrong).toMatchObject({ code: "unavailable", hint: undefined });
  });
});

describe("more statements than connections", () => {
  it("wait for a bounded time, then hear so; those in time are answered", async () => {
    const source = await openRight(server, { poolSize: 2, connectTimeoutMs: 300, limits: { timeoutMs: 1000 } });
    const long = [1, 2].map(() =>
      one(source, "select count(*) from orders a, orders b, orders c").catch((reason) => reason.code),
    );
    await expect(one(source)).rejects.toMatchObject({ code: "unavailable", hint: "too many statements at once" });
    expect(await Promise.all(long)).toEqual(["timeout", "timeout"]);
    expect(await Promise.all(Array.from({ length: 50 }, () => one(source).then(({ rows }) => rows[0]?.[0])))).toEqual(
      Array(50).fill(1),
    );
    await source.close();
  });

  it("leave when their caller does", async () => {
    const source = await openRight(server, { poolSize: 1, limits: { timeoutMs: 500 } });
    const long = one(source, "select count(*) from orders a, orders b, orders c").catch((reason) => reason.code);
    await expect(one(source, "select 1", { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(await long).toBe("timeout");
    await source.close();
  });
});

describe("a role that changes while it is used", () => {
  it("that becomes powerful is refused from the next statement on, on connections that are open", async () => {
    const source = await openRight(server, { poolSize: 1 });
    await one(source);
    for (const power of ["superuser", "createrole", "bypassrls"]) {
      await server.admin(`alter role reader ${power}`);
      await expect(one(source)).rejects.toMatchObject({ code: "unsafe_role" });
      await server.admin(`alter role reader no${power}`);
      expect((await one(source)).rows).toEqual([[1]]);
    }
    await source.close();
  });

  it("that is given a write is refused on the next connection", async () => {
    const source = await openRight(server, { poolSize: 1 });
    await one(source);
    await server.admin(
      "grant delete on orders to reader; select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'",
    );
    while (
      (await server.admin("select count(*) from pg_stat_activity where usename = 'reader'")).rows[0].count !== "0"
    );
    await expect(one(source)).rejects.toMatchObject({ code: "unsafe_role" });
    await server.admin("revoke delete on orders from reader");
    expect((await one(source)).rows).toEqual([[1]]);
    await source.close();
  });
});

describe("a schema that changes while it is used", () => {
  it("finds a table that was made since, and does not find one that is gone", async () => {
    const source = await openRight(server);
    await server.admin(
      "create table late (id int primary key, a text); insert into late values (1, 'x'); grant select on late to reader",
    );
    const until = performance.now() + 5000;
    const ask = () =>
      one(source, "select a from late").then(
        ({ rows }) => rows,
        () => undefined,
      );
    let rows = await ask();
    while (rows === undefined && performance.now() < until) rows = await ask();
    expect(rows).toEqual([["x"]]);
    await server.admin("alter table late rename column a to b");
    await expect(one(source, "select a from late")).rejects.toMatchObject({ code: "unknown_name" });
    await server.admin("drop table late");
    await expect(one(source, "select b from late")).rejects.toMatchObject({ code: "unknown_name" });
    await source.close();
  });

  it("answers a statement that is kept prepared by what the table is now", async () => {
    await server.admin(
      "create table shapes (id int primary key, a int); insert into shapes values (1, 2); grant select on shapes to reader",
    );
    const source = await openRight(server, { poolSize: 1 });
    for (let round = 0; round < 4; round++) expect((await one(source, "select * from shapes")).rows).toEqual([[1, 2]]);
    await server.admin("alter table shapes alter column a type text");
    expect((await one(source, "select * from shapes")).rows).toEqual([[1, "2"]]);
    await source.close();
  });

  it("goes on after a page, or says that the cursor is of another table", async () => {
    await server.admin(
      "create table pages (id int primary key, a text); insert into pages select i, 'x' from generate_series(1, 9) i; grant select on pages to reader",
    );
    const source = await openRight(server);
    const first = await one(source, "select id, a from pages", { maxRows: 4 });
    await server.admin("alter table pages add column z int default 7");
    expect((await one(source, "select id, a from pages", { maxRows: 4, cursor: first.nextCursor })).rows[0]).toEqual([
      5,
      "x",
    ]);
    await source.close();
  });
});

describe("room on disk", () => {
  it("is bounded for what a sort writes", async () => {
    await server.admin("alter role reader set temp_file_limit = '1MB'");
    const source = await openRight(server, { workMemMiB: 1 });
    await expect(one(source, "select * from generate_series(1, 2000000) i order by -i")).rejects.toMatchObject({
      code: "too_large",
    });
    expect((await one(source)).rows).toEqual([[1]]);
    await source.close();
  });
});
