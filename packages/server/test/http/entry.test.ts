import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpServer, legacyCall, messagesOf, post, rawHttp, startHttp } from "../support/http.ts";

let http: HttpServer;
beforeAll(async () => {
  http = await startHttp({}, { limits: { maxBodyBytes: 4_096, maxHeaderBytes: 4_096 } });
});
afterAll(() => http[Symbol.asyncDispose]());

const call = legacyCall(1, "echo", { text: "x" });

/** Runs `act` and gives back what it left on record. */
async function recordsOf(act: () => Promise<unknown>): Promise<unknown[]> {
  const before = http.sink.events.length;
  await act();
  return http.sink.events.slice(before);
}

const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const refusals: [string, RequestInit & { path?: string }, number, string][] = [
  ["GET", { method: "GET" }, 405, "method"],
  ["DELETE", { method: "DELETE" }, 405, "method"],
  ["OPTIONS, so that no page may ask for more", { method: "OPTIONS" }, 405, "method"],
  ["PUT", { method: "PUT", body: "{}" }, 405, "method"],
  ["another path", { method: "POST", path: "/mcp/x", body: "{}" }, 404, "route"],
  ["a query", { method: "POST", path: "/mcp?token=x", body: "{}" }, 404, "route"],
  ["a gzip body", { headers: { ...json, "content-encoding": "gzip" }, body: "x" }, 415, "encoding"],
  [
    "a body that is called identity",
    { headers: { ...json, "content-encoding": "identity" }, body: "{}" },
    415,
    "encoding",
  ],
  [
    "text/plain, which a page can send unasked",
    { headers: { ...json, "content-type": "text/plain" }, body: JSON.stringify(call) },
    415,
    "protocol",
  ],
  [
    "a form",
    { headers: { ...json, "content-type": "application/x-www-form-urlencoded" }, body: JSON.stringify(call) },
    415,
    "protocol",
  ],
  [
    "an answer form it does not speak",
    { headers: { ...json, accept: "text/html" }, body: JSON.stringify(call) },
    406,
    "protocol",
  ],
  ["an empty body", { headers: json, body: "" }, 400, "json_syntax"],
  ["no JSON", { headers: json, body: "{" }, 400, "json_syntax"],
  ["a byte order mark", { headers: json, body: `\ufeff${JSON.stringify(call)}` }, 400, "json_byte_order_mark"],
  ["invalid UTF-8", { headers: json, body: Buffer.from([0x22, 0xff, 0x22]) }, 400, "json_invalid_utf8"],
  [
    "a duplicate key",
    { headers: json, body: '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}' },
    400,
    "json_duplicate_key",
  ],
  ["depth", { headers: json, body: `{"a":${"[".repeat(1_000)}${"]".repeat(1_000)}}` }, 400, "json_too_deep"],
  ["a number", { headers: json, body: "7" }, 400, "message"],
  ["null", { headers: json, body: "null" }, 400, "message"],
  ["an empty batch", { headers: json, body: "[]" }, 400, "batch"],
  [
    "a batch of too many",
    { headers: json, body: `[${Array.from({ length: 51 }, () => '{"jsonrpc":"2.0","method":"x"}').join()}]` },
    400,
    "batch",
  ],
  [
    "a batch with one id twice",
    { headers: json, body: '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":1,"method":"ping"}]' },
    400,
    "id_in_use",
  ],
  ["a batch with one bad message", { headers: json, body: '[{"jsonrpc":"2.0","method":"x"},7]' }, 400, "message"],
  ["a call without an id", { headers: json, body: JSON.stringify({ ...call, id: undefined }) }, 400, "message"],
  ["a declared body too large", { headers: json, body: "x".repeat(5_000) }, 413, "body"],
];

describe("the HTTP entry", () => {
  it.each(refusals)("refuses %s, once on record", async (_, { path = "/mcp", ...init }, status, rule) => {
    const records = await recordsOf(async () => {
      const response = await fetch(new URL(path, http.url), { method: "POST", ...init });
      expect(response.status).toBe(status);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      await response.text();
    });
    expect(records).toMatchObject([{ type: "entry.rejected", decision: { rule } }]);
  });

  const head = (more: string) =>
    `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\nContent-Type: application/json\r\n${more}\r\n`;
  const chunk = `800\r\n${"x".repeat(0x800)}\r\n`;
  it.each<[string, () => string, number, string]>([
    ["a chunked body too large", () => head("Transfer-Encoding: chunked\r\n") + chunk.repeat(3), 413, "body"],
    ["a declared length of an exabyte", () => head("Content-Length: 1000000000000000000\r\n"), 413, "body"],
    ["headers too large", () => head(`X: ${"x".repeat(8_000)}\r\n`), 431, "headers_too_large"],
    ["two lengths", () => head("Content-Length: 1\r\nContent-Length: 2\r\n"), 400, "bad_http"],
    [
      "length and chunks",
      () => `${head("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")}0\r\n\r\n`,
      400,
      "bad_http",
    ],
    ["no HTTP at all", () => "\u0016\u0003\u0001\r\n\r\n", 400, "bad_http"],
    ["an expectation", () => head("Expect: 200-maybe\r\nContent-Length: 0\r\n"), 417, "expectation"],
    ["CONNECT", () => `CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\n\r\n`, 405, "method"],
    ["TRACE", () => `TRACE /mcp HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\nConnection: close\r\n\r\n`, 405, "method"],
    [
      "an upgrade",
      () =>
        `GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\n\r\n`,
      405,
      "method",
    ],
  ])("refuses %s and closes, once on record", async (_, bytes, status, rule) => {
    const records = await recordsOf(async () => expect((await rawHttp(http.port, bytes())).status).toBe(status));
    expect(records).toMatchObject([{ type: "entry.rejected", decision: { rule } }]);
  });

  it.each([
    ["Mcp-Method", { "mcp-method": "tools/list" }],
    ["Mcp-Name", { "mcp-name": "other" }],
    ["MCP-Protocol-Version", { "mcp-protocol-version": "2025-06-18" }],
  ])("refuses a modern request whose %s header says something else", async (_, headers) => {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const body = { ...call, params: { ...call.params, _meta: meta } };
    const right = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "echo" };
    const records = await recordsOf(async () => {
      expect((await post(http.url, body, { headers: right })).status).toBe(200);
      expect((await post(http.url, body, { headers: { ...right, ...headers } })).status).toBe(400);
    });
    expect(records).toMatchObject([{ type: "call.intent" }, { type: "call.outcome" }, { type: "entry.rejected" }]);
  });

  it.each(["2024-01-01", "1.0.0", "2099-01-01"])("refuses revision %s, once on record", async (version) => {
    const records = await recordsOf(async () =>
      expect((await post(http.url, call, { headers: { "mcp-protocol-version": version } })).status).toBe(400),
    );
    expect(records).toMatchObject([{ type: "entry.rejected" }]);
  });

  it("puts every member of an old client's batch on record by itself", async () => {
    const batch = [
      legacyCall(1, "echo", { text: "x" }),
      legacyCall(2, "nope", {}),
      legacyCall(3, "echo", { bad: 1 }),
      { jsonrpc: "2.0", id: 4, method: "no/such" },
    ];
    const records = await recordsOf(async () => {
      const messages = await messagesOf(
        await post(http.url, batch, { headers: { "mcp-protocol-version": "2025-03-26" } }),
      );
      expect(messages.map((message) => message["id"]).sort()).toEqual([1, 2, 3, 4]);
    });
    const ends = (records as { type: string }[]).map((record) => record.type).filter((type) => type !== "call.intent");
    expect(ends.sort()).toEqual(["call.outcome", "call.refused", "call.refused", "entry.rejected"]);
  });

  it("survives a garbled request of every kind and serves the next one", async () => {
    expect((await post(http.url, call)).status).toBe(200);
  });
});
