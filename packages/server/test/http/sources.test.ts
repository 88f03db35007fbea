import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rejectedOf } from "../support/account.ts";
import { closed, type HttpServer, openSocket, rawHttp, startHttp } from "../support/http.ts";

let http: HttpServer;
let monitorPort: number;
beforeAll(async () => {
  http = await startHttp({}, { monitorPort: 0 });
  monitorPort = Number(new URL(http.running.monitorAddress ?? "").port);
});
afterAll(() => http[Symbol.asyncDispose]());

const request = (port: number, path: string, headers: readonly string[], method = "POST") =>
  rawHttp(
    port,
    `${method} ${path} HTTP/1.1\r\n${headers.map((line) => `${line}\r\n`).join("")}Content-Length: 0\r\nConnection: close\r\n\r\n`,
  );

/** `PORT` stands for the port in use. */
const refused: [string, string[], "host" | "origin"][] = [
  ["another Host", ["Host: evil.example"], "host"],
  ["another Host with our port", ["Host: evil.example:PORT"], "host"],
  ["our Host with another port", ["Host: 127.0.0.1:1"], "host"],
  ["our Host without its port", ["Host: 127.0.0.1"], "host"],
  ["a Host with userinfo", ["Host: evil@127.0.0.1:PORT"], "host"],
  ["a Host with a trailing dot", ["Host: localhost.:PORT"], "host"],
  ["a Host that only starts like ours", ["Host: localhost.evil.example:PORT"], "host"],
  ["a Host that only ends like ours", ["Host: evil.example#localhost:PORT"], "host"],
  ["an empty Host", ["Host:"], "host"],
  ["no Host", [], "host"],
  ["a second Host header", ["Host: 127.0.0.1:PORT", "Host: 127.0.0.1:PORT"], "host"],
  ["a second, foreign Host header", ["Host: 127.0.0.1:PORT", "hOST: evil.example"], "host"],
  ["two Hosts in one header", ["Host: 127.0.0.1:PORT, evil.example"], "host"],
  ["a decimal address", ["Host: 2130706433:PORT"], "host"],
  ["another Origin", ["Host: 127.0.0.1:PORT", "Origin: http://evil.example"], "origin"],
  ["another Origin on our port", ["Host: 127.0.0.1:PORT", "Origin: http://evil.example:PORT"], "origin"],
  ["our Origin with another port", ["Host: 127.0.0.1:PORT", "Origin: http://localhost:6666"], "origin"],
  ["our Origin with another scheme", ["Host: 127.0.0.1:PORT", "Origin: https://localhost:PORT"], "origin"],
  ["Origin null", ["Host: 127.0.0.1:PORT", "Origin: null"], "origin"],
  ["an empty Origin", ["Host: 127.0.0.1:PORT", "Origin:"], "origin"],
  ["an Origin with userinfo", ["Host: 127.0.0.1:PORT", "Origin: http://a@localhost:PORT"], "origin"],
  ["an Origin with a path", ["Host: 127.0.0.1:PORT", "Origin: http://localhost:PORT/"], "origin"],
  ["an Origin with a trailing dot", ["Host: 127.0.0.1:PORT", "Origin: http://localhost.:PORT"], "origin"],
  [
    "a second Origin header",
    ["Host: 127.0.0.1:PORT", "Origin: http://localhost:PORT", "origin: http://localhost:PORT"],
    "origin",
  ],
  ["a browser extension", ["Host: 127.0.0.1:PORT", "Origin: chrome-extension://abcdef"], "origin"],
];

const withPort = (headers: readonly string[], port: number) =>
  headers.map((line) => line.replaceAll("PORT", String(port)));

describe("the endpoint refuses", () => {
  it.each(refused)("%s", async (_, headers, reason) => {
    const before = http.sink.events.length;
    const answer = await request(http.port, "/mcp", withPort(headers, http.port));
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body).error.data.error).toMatchObject({ code: "denied", ref: expect.any(String) });
    expect(http.sink.events.slice(before)).toMatchObject([{ type: "entry.rejected", decision: { rule: reason } }]);
  });

  it.each(["/", "/healthz", "/.well-known/oauth-protected-resource", "/mcp?x=1", "/mcp/", "//mcp", "*"])(
    "a foreign Host also at %s",
    async (path) => {
      expect((await request(http.port, path, ["Host: evil.example"])).status).toBe(403);
    },
  );

  it.each(["GET", "DELETE", "OPTIONS", "HEAD", "PUT", "TRACE", "PATCH"])(
    "a foreign Host also with %s",
    async (method) => {
      expect((await request(http.port, "/mcp", ["Host: evil.example"], method)).status).toBe(403);
    },
  );

  it("more headers than it would look at, among which a second Host could hide", async () => {
    const filler = Array.from({ length: 2_100 }, () => "a:");
    const answer = await request(http.port, "/mcp", [`Host: 127.0.0.1:${http.port}`, ...filler, "Host: evil.example"]);
    expect(answer.status).toBe(431);
  });

  it("an absolute request target that names another host", async () => {
    const answer = await request(http.port, "http://evil.example/mcp", [`Host: 127.0.0.1:${http.port}`]);
    expect(answer.status).toBe(404);
  });
});

describe("the endpoint accepts", () => {
  it.each([
    ["127.0.0.1", ["Host: 127.0.0.1:PORT"]],
    ["localhost in any case, since host names have none", ["Host: LocalHost:PORT"]],
    ["its own origin", ["Host: localhost:PORT", "Origin: http://localhost:PORT"]],
  ])("%s", async (_, headers) => {
    // No body: the request gets past the sources and is refused as what it is.
    expect((await request(http.port, "/mcp", withPort(headers, http.port))).status).toBe(400);
  });
});

describe("the monitoring port refuses", () => {
  it.each(refused)("%s", async (_, headers) => {
    expect(
      (await request(monitorPort, "/metrics", withPort(headers, monitorPort), "GET")).status,
    ).toBeGreaterThanOrEqual(400);
  });
});

it("a record of a hostile Host is short and printable", async () => {
  // Its own: on the shared one this address has had its share of records by now.
  await using http = await startHttp();
  await request(http.port, "/mcp", [`Host: \u009b31m${"x".repeat(5_000)}`]);
  const [record] = rejectedOf(http.sink);
  expect(JSON.stringify(record)).toMatch(/^[\x20-\x7e]{1,900}$/);
  expect(http.lines.join("")).not.toContain("\u009b");
});

it("serves requests one after another on one connection, each with its own check", async () => {
  const socket = await openSocket(http.port);
  const text = closed(socket);
  const head = (host: string, more = "") => `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n${more}\r\n`;
  socket.write(head(`127.0.0.1:${http.port}`) + head("evil.example", "Connection: close\r\n"));
  expect((await text).match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400", "HTTP/1.1 403"]);
});
