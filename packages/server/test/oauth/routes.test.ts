import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { legacyCall, parseAnswer, type RawAnswer } from "../support/http.ts";
import { startWorld, type World } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ http: { monitorPort: 0 } });
});
afterAll(() => world[Symbol.asyncDispose]());

const METADATA = ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"];

/** Every path this server has ever had, those other servers have, and what a scanner or a lenient router would try. */
const ELSEWHERE = [
  "/",
  "/healthz",
  "/readyz",
  "/metrics",
  "/sse",
  "/messages",
  "/message",
  "/mcp/",
  "/mcp/sse",
  "/MCP",
  "//mcp",
  "/./mcp",
  "/x/../mcp",
  "/%6dcp",
  "/mcp%00",
  "/mcp;x=1",
  "/mcp?",
  "/mcp?access_token=x",
  "/api",
  "/admin",
  "/authorize",
  "/token",
  "/register",
  "/favicon.ico",
  "/robots.txt",
  "/.env",
  "/.well-known/",
  "/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
  "/.well-known/oauth-protected-resource/",
  "/.well-known/oauth-protected-resource/other",
  "/.well-known/oauth-protected-resource?x",
  "/.well-known/../mcp",
  "https://localhost/mcp",
  "*",
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"];

const rejections = (): number => {
  const text = world.server.server.guard.metrics.render();
  return Number(text.match(/rejected_total\{reason="authentication"\} (\d+)/)?.[1] ?? 0);
};

/** The bytes of the request line are what is tested: a client library would tidy them up. */
function ask(method: string, path: string, headers = "", body = "", host = world.server.url.host): Promise<RawAnswer> {
  const { port } = world.server.url;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: "127.0.0.1", port: Number(port), ca: world.as.ca, servername: "localhost" }, () =>
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      ),
    );
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(parseAnswer(Buffer.concat(chunks).toString("latin1"))));
  });
}

/** Nothing that only a caller may know, and nothing that a browser could make use of. */
function expectNothingTold({ head, body }: RawAnswer): void {
  expect(head + body).not.toMatch(/whoami|write_note|erase_tenant|1\.2\.3|x-powered-by|access-control-allow/i);
}

describe("without a token", () => {
  it.each(METADATA)("only the metadata is public: GET %s", async (path) => {
    const answer = await ask("GET", path);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      200,
      expect.objectContaining({ resource: world.server.resource }),
    ]);
    expectNothingTold(answer);
  });

  it.each(METHODS.filter((method) => method !== "GET"))("the metadata takes no %s", async (method) => {
    for (const path of METADATA) expect((await ask(method, path)).status).toBe(405);
  });

  it.each(METHODS)("there is nothing elsewhere for %s", async (method) => {
    for (const path of ELSEWHERE) {
      const answer = await ask(method, path);
      expect([path, answer.status]).toEqual([path, 404]);
      expectNothingTold(answer);
    }
  });

  it.each(METHODS.filter((method) => method !== "POST"))("the endpoint takes no %s", async (method) => {
    const answer = await ask(method, "/mcp");
    expect([answer.status, answer.head]).toEqual([405, expect.stringContaining("\r\nallow: POST")]);
    expectNothingTold(answer);
  });

  it("opens no tunnel", async () => {
    expect((await ask("CONNECT", "localhost:443")).status).toBe(405);
  });

  const call = (method: string, params: object = {}) => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  it.each([
    ["initialize", call("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {} })],
    ["server/discover", call("server/discover")],
    ["ping", call("ping")],
    ["tools/list", call("tools/list")],
    ["tools/call", JSON.stringify(legacyCall(1, "whoami", {}))],
    ["subscriptions/listen", call("subscriptions/listen")],
    ["a notification", JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })],
    ["a batch", JSON.stringify([legacyCall(1, "whoami", {})])],
    ["nothing", ""],
    ["no JSON", "{"],
  ])("the endpoint answers %s with the challenge", async (_, body) => {
    const { sink } = world.server;
    const before = [rejections(), sink.of("call.intent").length];
    const answer = await ask("POST", "/mcp", "Content-Type: application/json\r\n", body);
    expect([answer.status, answer.head]).toEqual([
      401,
      expect.stringMatching(/\r\nwww-authenticate: Bearer resource_/),
    ]);
    expectNothingTold(answer);
    // Counted; each on record it is only until an address has had its share, and this file floods from one.
    expect([rejections(), sink.of("call.intent").length]).toEqual([Number(before[0]) + 1, before[1]]);
  });

  it.each([
    ["another scheme", "Authorization: Basic YWxpY2U6eA==\r\n", 401],
    ["no token behind the scheme", "Authorization: Bearer \r\n", 400],
    ["two credentials", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n", 400],
    ["a cookie", "Cookie: access_token=x\r\n", 401],
    ["a header of its own", "X-Api-Key: x\r\nX-User: alice\r\nX-Forwarded-User: alice\r\n", 401],
  ])("the endpoint is not opened by %s", async (_, headers, status) => {
    const answer = await ask("POST", "/mcp", headers, JSON.stringify(legacyCall(1, "whoami", {})));
    expect([answer.status, answer.head]).toEqual([status, expect.stringContaining("\r\nwww-authenticate: Bearer ")]);
  });

  it("a foreign Host finds nothing at all, not even the metadata", async () => {
    const forwarded = `X-Forwarded-Host: ${world.server.url.host}\r\n`;
    for (const path of [...METADATA, "/mcp", "/"]) {
      const answer = await ask("GET", path, forwarded, "", "evil.example");
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  it("the monitoring port serves neither the endpoint nor the metadata", async () => {
    const { monitorAddress } = world.server.running;
    for (const path of ["/mcp", ...METADATA]) {
      const answer = await fetch(`${monitorAddress}${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
      await answer.body?.cancel();
    }
  });
});
