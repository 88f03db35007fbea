import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafeFetch } from "../../src/index.ts";
import type { SafeFetch, SafeRequest } from "../../src/types.ts";
import { type Listener, listen } from "../support/listeners.ts";
import { ask, outcome, whole } from "../support/read.ts";

let listener: Listener;
let safe: SafeFetch;
beforeAll(async () => {
  listener = await listen("127.0.0.1", 0, async (request, response) => {
    const body = await whole(request).catch(() => "cut short");
    response
      .setHeader("set-cookie", ["a=1", "b=2"])
      .setHeader("x-list", ["1", "2"])
      .setHeader("__proto__", "x")
      .end(`${request.method} ${request.url} ${request.headers["content-length"] ?? "-"} ${body}`);
  });
  safe = createSafeFetch({ allow: [{ host: "127.0.0.1", ports: [listener.port], schemes: ["http"] }] });
});
afterAll(() => Promise.all([safe.close(), listener.close()]));

const at = (path = "/x") => `http://127.0.0.1:${listener.port}${path}`;
async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe("a request", () => {
  it.each<[string, SafeRequest, string]>([
    ["without anything", {}, "GET /x - "],
    ["with text", { method: "post", body: "hé" }, "POST /x 3 hé"],
    ["with bytes", { method: "PUT", body: new Uint8Array([65, 66]) }, "PUT /x 2 AB"],
    ["with part of a buffer", { method: "PUT", body: Buffer.from("abcd").subarray(1, 3) }, "PUT /x 2 bc"],
    ["with nothing in its body", { method: "POST", body: "" }, "POST /x 0 "],
    ["with a stream", { method: "POST", body: pieces("a", "bc"), bodyLength: 3 }, "POST /x 3 abc"],
  ])("%s", async (_, request, body) => {
    expect(await ask(safe, at(), request)).toEqual({ status: 200, body });
  });

  it("takes a URL object, and sends its path and query as they are", async () => {
    const url = new URL(at("/a%2Fb/%2e%2e%2f?q=1&r=%20#fragment"));
    expect(await ask(safe, url.href)).toMatchObject({ body: "GET /a%2Fb/%2e%2e%2f?q=1&r=%20 - " });
    const answer = await safe.request(url);
    await answer.discard();
    expect(answer.status).toBe(200);
  });

  it("has headers that are joined, without surprises", async () => {
    const { headers, discard } = await safe.request(at());
    await discard();
    expect(headers).toMatchObject({ "set-cookie": "a=1, b=2", "x-list": "1, 2" });
    expect(Object.getPrototypeOf(headers)).toBeNull();
  });

  it.each<[string, SafeRequest]>([
    ["a host of its own", { headers: { Host: "internal.test" } }],
    ["a length of its own", { headers: { "content-length": "1" }, body: "abc", method: "POST" }],
    ["chunks of its own", { headers: { "Transfer-Encoding": "chunked" }, body: "abc", method: "POST" }],
    ["a connection of its own", { headers: { connection: "upgrade" } }],
    ["an upgrade", { headers: { upgrade: "websocket" } }],
    ["an expectation", { headers: { expect: "100-continue" } }],
    ["a line break in a value", { headers: { "x-a": "1\r\nx-b: 2" } }],
    ["a bare newline in a value", { headers: { "x-a": "1\nx-b: 2" } }],
    ["a null in a value", { headers: { "x-a": "1\0" } }],
    ["a value beyond Latin-1, whose low byte is a line break", { headers: { "x-a": "\u010a" } }],
    ["a line break in a name", { headers: { "x-a\r\nx-b": "1" } }],
    ["a colon in a name", { headers: { "x-a:": "1" } }],
    ["an empty name", { headers: { "": "1" } }],
    ["a value that is no text", { headers: { "x-a": 5 as never } }],
    ["CONNECT", { method: "CONNECT" }],
    ["TRACE", { method: "trace" }],
    ["a method with a line break", { method: "GET /\r\nx: y" }],
    ["no method", { method: "" }],
    ["a stream without a length", { method: "POST", body: pieces("a") }],
    ["a stream with a length that is none", { method: "POST", body: pieces("a"), bodyLength: -1 }],
  ])("with %s is not sent", async (_, request) => {
    const before = listener.seen.length;
    expect(await outcome(() => ask(safe, at(), request))).toBe("invalid_request");
    expect(listener.seen.length).toBe(before);
  });

  it.each([
    ["longer", pieces("a", "bc"), 2],
    ["shorter", pieces("a"), 2],
  ])("whose stream is %s than it said ends, and nobody else gets the rest", async (_, body, bodyLength) => {
    const code = await outcome(() => ask(safe, at(), { method: "POST", body, bodyLength }));
    expect(["invalid_request", "broken"]).toContain(code);
    expect(await ask(safe, at())).toMatchObject({ body: "GET /x - " });
  });

  it("whose stream fails ends, and nobody else gets the rest", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a");
      throw new Error("disk");
    }
    expect(await outcome(() => ask(safe, at(), { method: "POST", body: failing(), bodyLength: 5 }))).toBe("broken");
    expect(await ask(safe, at())).toMatchObject({ body: "GET /x - " });
  });

  it.each([
    "x",
    "",
    "/x",
    "ftp://127.0.0.1/",
    "https://",
    "http://a b/",
    "http://u:p@127.0.0.1/",
    "http://u@127.0.0.1/",
  ])("to %j is none", async (url) => {
    expect(await outcome(() => ask(safe, url))).toBe("invalid_request");
  });

  it("keeps to the URL it was given, though the caller changes it meanwhile", async () => {
    const url = new URL(at("/first"));
    const asked = safe.request(url);
    url.port = "1";
    url.pathname = "/second";
    expect((await whole((await asked).body)).toString()).toContain("/first");
  });
});
