import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/config-error.ts";
import { accountOf } from "../support/account.ts";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { type HttpServer, legacyCall, type RawAnswer, startHttp } from "../support/http.ts";
import { echoOverTls, rulesOf, startTls, trusting } from "../support/tls.ts";
import { alice } from "../support/walk.ts";

const PROXY = "127.0.0.9";
const STRANGER = "127.0.0.2";
const behind = {
  trustedProxies: [PROXY],
  authenticator: fakeAuthenticator(async () => known(alice)),
  allowedHosts: ["mcp.example.com"],
};

/** Calls the echo tool from one of this machine's many loopback addresses. Status 0: the connection ended unanswered. */
function call(port: number, localAddress: string, more: readonly string[] = []): Promise<RawAnswer> {
  const lines = [
    "Host: mcp.example.com",
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
  ];
  const headers = [...lines, ...more].flatMap((line) => [
    line.slice(0, line.indexOf(":")),
    line.slice(line.indexOf(":") + 1).trim(),
  ]);
  return new Promise((resolve) => {
    const options = { port, host: "127.0.0.1", localAddress, path: "/mcp", method: "POST", agent: false, headers };
    const asked = request(options, async (response) => {
      resolve({ status: response.statusCode ?? 0, head: "", body: await text(response) });
      asked.destroy();
    });
    asked.on("error", () => resolve({ status: 0, head: "", body: "" }));
    asked.end(JSON.stringify(legacyCall(1, "echo", { text: "hello" })));
  });
}

const HTTPS = "X-Forwarded-Proto: https";

describe("behind a proxy that ends TLS", () => {
  let http: HttpServer;
  beforeAll(async () => {
    http = await startHttp({}, behind);
  });
  afterAll(() => http[Symbol.asyncDispose]());

  /** The rules that what `act` did was refused by. */
  async function rules(act: () => Promise<unknown>): Promise<(string | undefined)[]> {
    const before = rulesOf(http.sink).length;
    await act();
    return rulesOf(http.sink).slice(before);
  }

  it("a call through the proxy is served", async () => {
    const answer = await call(http.port, PROXY, [HTTPS, "X-Forwarded-For: 203.0.113.7"]);
    expect([answer.status, answer.body.includes("hello")]).toEqual([200, true]);
  });

  it.each([
    ["says nothing", []],
    ["says it came through the proxy", [HTTPS, `X-Forwarded-For: ${PROXY}`, `Forwarded: for=${PROXY};proto=https`]],
  ])("a stranger who %s is not even answered, and is on record", async (_, headers) => {
    expect(
      await rules(async () =>
        expect(await call(http.port, STRANGER, headers)).toEqual({ status: 0, head: "", body: "" }),
      ),
    ).toEqual(["untrusted_peer"]);
    expect(http.sink.of("entry.rejected").at(-1)).toMatchObject({ detail: { address: STRANGER } });
  });

  it.each<[string, readonly string[]]>([
    ["http", ["X-Forwarded-Proto: http"]],
    ["nothing", []],
    ["nothing, though it speaks of it elsewhere", ["Forwarded: proto=https", "X-Forwarded-Ssl: on"]],
    ["https and then http", [HTTPS, "X-Forwarded-Proto: http"]],
    ["https, after its client did", [HTTPS, HTTPS]],
    ["a list", ["X-Forwarded-Proto: https, https"]],
    ["an empty value", ["X-Forwarded-Proto:"]],
    ["https with more", ["X-Forwarded-Proto: httpss"]],
  ])("a request of which the proxy says %s is refused, and nothing runs", async (_, headers) => {
    const calls = http.sink.of("call.intent").length;
    expect(await rules(async () => expect((await call(http.port, PROXY, headers)).status).toBe(403))).toEqual([
      "forwarded_proto",
    ]);
    expect(http.sink.of("call.intent")).toHaveLength(calls);
  });

  it.each(["HTTPS", "https "])("%j is https", async (proto) => {
    expect((await call(http.port, PROXY, [`X-Forwarded-Proto: ${proto}`])).status).toBe(200);
  });

  it("the host that counts is the one in Host", async () => {
    const headers = [HTTPS, "X-Forwarded-Host: evil.example"];
    expect((await call(http.port, PROXY, headers)).status).toBe(200);
  });

  it("500 connections of strangers leave the proxy its place, and are all accounted for", async () => {
    await using http = await startHttp({}, behind);
    await Promise.all(Array.from({ length: 500 }, () => call(http.port, STRANGER)));
    expect((await call(http.port, PROXY, [HTTPS])).status).toBe(200);
    await http.running.stop("test");
    expect(accountOf(http.sink)).toMatchObject({ told: 500, rules: ["untrusted_peer", "flood"] });
  });
});

describe("with TLS of its own", () => {
  it.each<[string, string, Record<string, string>, number]>([
    ["a stranger", STRANGER, {}, 200],
    ["a stranger who says http", STRANGER, { "x-forwarded-proto": "http" }, 200],
    ["the proxy for https", PROXY, { "x-forwarded-proto": "https" }, 200],
    ["the proxy for http", PROXY, { "x-forwarded-proto": "http" }, 403],
    ["the proxy, silent", PROXY, {}, 403],
  ])("%s: %s %j is answered with %d", async (_, localAddress, more, status) => {
    await using http = await startTls(behind);
    const options = trusting(http.ca, { localAddress });
    const headers = { host: "mcp.example.com", ...more };
    const answer = await echoOverTls(http.url, "hello", { ...options, servername: "localhost", headers });
    expect(answer.status).toBe(status);
  });
});

describe("without an authenticator", () => {
  it.each([
    "Forwarded: for=1.2.3.4",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Host: x",
    "X-Forwarded-Proto: https",
    "X-Real-IP: 1.2.3.4",
  ])("what a tunnel on this machine passes on (%s) is refused", async (header) => {
    await using http = await startHttp({}, { allowedHosts: ["mcp.example.com"] });
    expect((await call(http.port, "127.0.0.1")).status).toBe(200);
    expect((await call(http.port, "127.0.0.1", [header])).status).toBe(403);
    expect(http.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "relayed" } }]);
  });
});

describe("a start is refused", () => {
  it.each([
    [{ trustedProxies: [PROXY] }, /authenticator/],
    [{ ...behind, trustedProxies: ["0.0.0.0/0"] }, /strangers/],
    [{ ...behind, trustedProxies: ["proxy.example"] }, /is no address/],
    [{ ...behind, trustedProxy: [PROXY] } as object, /Did you mean "trustedProxies"/],
  ])("with %j", async (options, says) => {
    const start = startHttp({}, options);
    await expect(start).rejects.toBeInstanceOf(ConfigError);
    await expect(start).rejects.toThrow(says);
  });
});
