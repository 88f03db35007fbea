import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { describe, expect, it } from "vitest";
import { accountOf } from "../support/account.ts";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { closed, type HttpServer, legacyCall, startHttp } from "../support/http.ts";
import { echoOverTls, startTls, trusting } from "../support/tls.ts";
import { alice } from "../support/walk.ts";

const ATTACKER = "127.0.0.2";
const OTHER = "127.0.0.3";
const authenticator = fakeAuthenticator(async () => known(alice));
const limits = { maxConnections: 8, maxConnectionsPerAddress: 4 };

/** A client that says nothing and opens each connection again as soon as it is cut, until it is told to stop. */
function silent(port: number, count: number, localAddress: string): { readonly opened: () => number } & Disposable {
  const sockets = new Set<Socket>();
  let [opened, over] = [0, false];
  const open = (): void => {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    opened++;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      sockets.delete(socket);
      if (!over) setTimeout(open, 1);
    });
  };
  for (let at = 0; at < count; at++) open();
  return {
    opened: () => opened,
    [Symbol.dispose]() {
      over = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Calls the echo tool over plain HTTP. Status 0: the connection ended unanswered. */
function call(port: number, localAddress: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const accept = "application/json, text/event-stream";
  const options = { port, host: "127.0.0.1", localAddress, path: "/mcp", method: "POST", agent: false };
  return new Promise((resolve) => {
    const asked = request(
      { ...options, headers: { "content-type": "application/json", accept, ...headers } },
      async (response) => {
        await text(response);
        resolve(response.statusCode ?? 0);
        asked.destroy();
      },
    );
    asked.on("error", () => resolve(0));
    asked.end(JSON.stringify(legacyCall(1, "echo", { text: "x" })));
  });
}

const overTls = (http: Awaited<ReturnType<typeof startTls>>, localAddress: string): Promise<number> =>
  echoOverTls(http.url, "x", { ...trusting(http.ca), agent: false, localAddress }).then(
    ({ status }) => status,
    () => 0,
  );

const refusals = (http: HttpServer): number =>
  Number(/reason="connections_of_address"\} (\d+)/.exec(http.server.guard.metrics.render())?.[1] ?? 0);

/** The attack, and whether another address is served in the middle of it, ten times over. */
async function served(http: HttpServer, one: () => Promise<number>): Promise<number[]> {
  using attack = silent(http.port, 20, ATTACKER);
  await expect.poll(attack.opened).toBeGreaterThan(100);
  const statuses: number[] = [];
  for (let at = 0; at < 10; at++) statuses.push(await one());
  return statuses;
}

describe("an address that holds every connection it gets", () => {
  it("does not keep another one from being served over TLS", async () => {
    await using http = await startTls({ authenticator, limits });
    expect(await served(http, () => overTls(http, OTHER))).toEqual(Array(10).fill(200));
    await http.running.stop("test");
    expect(accountOf(http.sink).rules).toContain("connections_of_address");
    expect(accountOf(http.sink).records).toBeLessThan(60);
  });

  it("does not keep another one from being served over plain HTTP", async () => {
    await using http = await startHttp({}, { authenticator, limits });
    expect(await served(http, () => call(http.port, OTHER))).toEqual(Array(10).fill(200));
  });

  it("is on record with its address, as that and nothing else", async () => {
    await using http = await startTls({ authenticator, limits: { maxConnectionsPerAddress: 1 } });
    using _first = silent(http.port, 1, ATTACKER);
    await closed(connect({ port: http.port, host: "127.0.0.1", localAddress: ATTACKER }));
    expect(http.sink.of("entry.rejected")).toMatchObject([
      { decision: { rule: "connections_of_address" }, detail: { address: ATTACKER } },
    ]);
  });

  it("would keep all others out without the bound", async () => {
    await using http = await startHttp({}, { authenticator, limits: { ...limits, maxConnectionsPerAddress: 8 } });
    expect(await served(http, () => call(http.port, OTHER))).toContain(0);
  });
});

describe("a place", () => {
  const ends: readonly [string, (port: number) => Promise<unknown>][] = [
    [
      "a handshake that succeeds",
      async (port) => {
        const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
        await once(socket, "secureConnect");
        socket.end();
        await closed(socket);
      },
    ],
    ["a handshake that fails", (port) => closed(connect({ port, host: "127.0.0.1" }).end("no handshake\r\n"))],
    ["nothing", (port) => closed(connect({ port, host: "127.0.0.1" }).end())],
    [
      "a reset",
      async (port) => {
        const socket = connect({ port, host: "127.0.0.1" });
        await once(socket, "connect");
        socket.resetAndDestroy();
      },
    ],
  ];
  it.each(ends)("is free again after %s", async (_, end) => {
    await using http = await startTls({ authenticator, limits: { maxConnectionsPerAddress: 2 } });
    for (let at = 0; at < 20; at++) await end(http.port);
    await expect.poll(() => overTls(http, "127.0.0.1")).toBe(200);
    expect(await overTls(http, "127.0.0.1")).toBe(200);
  });
});

describe("what is not counted by address", () => {
  it("is a trusted proxy, which stands for all its clients", async () => {
    await using http = await startHttp(
      {},
      {
        authenticator,
        allowedHosts: ["mcp.example.com"],
        trustedProxies: [ATTACKER],
        limits: { maxConnectionsPerAddress: 2 },
      },
    );
    using _held = silent(http.port, 10, ATTACKER);
    const proxied = { host: "mcp.example.com", "x-forwarded-proto": "https" };
    expect(await call(http.port, ATTACKER, proxied)).toBe(200);
    expect(refusals(http)).toBe(0);
  });

  it("is loopback without an authenticator, where everybody is 127.0.0.1", async () => {
    await using http = await startHttp({}, { limits: { maxConnectionsPerAddress: 2 } });
    using held = silent(http.port, 10, "127.0.0.1");
    expect(await call(http.port, "127.0.0.1")).toBe(200);
    expect([held.opened(), refusals(http)]).toEqual([10, 0]);
  });
});
