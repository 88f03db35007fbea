import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createEntryRecords } from "../../src/http/entry-records.ts";
import { RECORD_LIMITS } from "../../src/http/record-limit.ts";
import { accountOf, rejectedOf } from "../support/account.ts";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { closed, type HttpServer, legacyCall, post, rawHttp, startHttp } from "../support/http.ts";
import { testServer } from "../support/server.ts";
import { startTls } from "../support/tls.ts";
import { alice } from "../support/walk.ts";

/** `count` times, a hundred at once. */
async function flood(count: number, one: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += 100) await Promise.all(Array.from({ length: 100 }, one));
}

/** Sends bytes from one of this machine's many loopback addresses until the connection ends. */
const send = (port: number, bytes: string, localAddress = "127.0.0.1"): Promise<string> => {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.end(bytes);
  return closed(socket);
};

const rejections = (http: HttpServer, reason: string) => {
  const line = http.server.guard.metrics.render().match(new RegExp(`rejected_total\\{reason="${reason}"\\} (\\d+)`));
  return Number(line?.[1]);
};

const authenticator = fakeAuthenticator(async () => ({ status: 401, challenges: ["Bearer"], reason: "signature" }));
const in1s = { idleTimeoutMs: 1_000, headersTimeoutMs: 1_000 };

describe("a flood", () => {
  const floods: readonly [string, string, () => Promise<HttpServer>, string][] = [
    ["handshakes that fail", "tls", () => startTls(), "no handshake at all\r\n"],
    ["handshakes that are broken off", "tls", () => startTls(), ""],
    ["foreign hosts", "host", () => startHttp(), "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"],
    ["broken HTTP", "bad_http", () => startHttp(), "no HTTP at all\r\n\r\n"],
    ["expectations", "expectation", () => startHttp(), "GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n"],
    ["tunnels", "method", () => startHttp(), "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n"],
  ];
  it.each(floods)("of %s leaves a small record that accounts for all of it", async (_, rule, start, bytes) => {
    await using http = await start();
    await flood(1_000, () => send(http.port, bytes));
    await expect.poll(() => rejections(http, rule)).toBe(1_000);
    await http.running.stop("test");
    expect(accountOf(http.sink)).toMatchObject({ told: 1_000, rules: [rule, "flood"] });
    expect(accountOf(http.sink).records).toBeLessThan(RECORD_LIMITS.perAddress + 20);
    expect(rejectedOf(http.sink)[0]).toMatchObject({ detail: { address: "127.0.0.1" } });
  });

  it("leaves other addresses their records", async () => {
    await using http = await startTls();
    await flood(200, () => send(http.port, "no handshake at all\r\n", "127.0.0.2"));
    await send(http.port, "no handshake at all\r\n", "127.0.0.3");
    const addresses = rejectedOf(http.sink).map(({ detail }) => detail?.["address"]);
    expect(addresses.at(-1)).toBe("127.0.0.3");
  });

  it("from many addresses is bounded in all", async () => {
    await using http = await startTls();
    let last = 0;
    await flood(2_000, () => send(http.port, "no handshake at all\r\n", `127.0.1.${1 + (last++ % 200)}`));
    await http.running.stop("test");
    expect(accountOf(http.sink).told).toBe(2_000);
    expect(accountOf(http.sink).records).toBeLessThan(RECORD_LIMITS.inAll + 60);
  });

  it("of requests over the rate is answered, and leaves a small record", async () => {
    await using http = await startHttp({}, { authenticator, limits: { requestsPerMinutePerAddress: 1 } });
    await flood(200, async () => void (await (await post(http.url, legacyCall(1, "echo", { text: "x" }))).text()));
    await http.running.stop("test");
    expect(accountOf(http.sink)).toMatchObject({ told: 199, rules: ["address_rate", "flood"] });
  });

  it("of clients of a trusted proxy counts each client, and not the proxy", async () => {
    const http = await startHttp(
      {},
      { authenticator, allowedHosts: ["mcp.example.com"], trustedProxies: ["127.0.0.1"] },
    );
    const from = (client: string): string =>
      `GET / HTTP/1.1\r\nHost: evil\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: ${client}\r\nConnection: close\r\n\r\n`;
    await flood(100, () => rawHttp(http.port, from("203.0.113.7")));
    await rawHttp(http.port, from("203.0.113.8"));
    expect(rejectedOf(http.sink).at(-1)).toMatchObject({ detail: { address: "203.0.113.8", host: "evil" } });
    await http.running.stop("test");
  });

  const nobodys = [
    ["without a token", 401, "missing"],
    ["that nobody can be asked about", 503, "issuer-away"],
  ] as const;
  it.each(nobodys)("of requests %s leaves a small record that accounts for all of it", async (_, status, reason) => {
    const none = fakeAuthenticator(async () => ({ status, challenges: [], reason }));
    await using http = await startHttp({}, { authenticator: none });
    await flood(500, async () => void (await (await post(http.url, legacyCall(1, "echo", { text: "x" }))).text()));
    expect(rejections(http, "authentication")).toBe(500);
    await http.running.stop("test");
    const failed = http.sink.of("auth.failed");
    expect(failed.length).toBeLessThan(RECORD_LIMITS.perAddress + 20);
    expect(failed[0]).toMatchObject({ detail: { why: reason, address: "127.0.0.1" } });
    const leftOut = [...failed, ...rejectedOf(http.sink)].map(({ detail }) => Number(detail?.["suppressed"] ?? 0));
    expect(failed.length + leftOut.reduce((sum, count) => sum + count, 0)).toBe(500);
  });

  it("hides no failed credential", async () => {
    await using http = await startHttp({}, { authenticator, limits: { failuresPerMinutePerAddress: 100 } });
    await flood(100, () => send(http.port, "no HTTP at all\r\n\r\n"));
    await flood(100, async () => void (await (await post(http.url, legacyCall(1, "echo", { text: "x" }))).text()));
    expect(http.sink.of("auth.failed")).toHaveLength(100);
  });

  it("leaves every record of a known caller", async () => {
    const alone = fakeAuthenticator(async () => known(alice));
    await using http = await startHttp({}, { authenticator: alone, limits: in1s });
    await flood(100, () => send(http.port, "no HTTP at all\r\n\r\n"));
    await flood(100, async () => void (await (await post(http.url, "no JSON")).text()));
    const rules = rejectedOf(http.sink).map(({ decision }) => decision.rule);
    expect(rules.filter((rule) => rule !== "bad_http")).toHaveLength(100);
  });
});

describe("what was left out", () => {
  const rejection = { code: "denied", reason: "tls", message: "" } as const;

  it("is told after its time, though nothing more comes", async () => {
    const { server, sink } = testServer();
    const records = createEntryRecords(server, { ...RECORD_LIMITS, perAddress: 1, tellMs: 20 });
    for (const _ of "12345") records.reject("192.0.2.1", rejection);
    expect(rejectedOf(sink)).toHaveLength(1);
    // The timer keeps no process alive, and so needs another one to run under.
    await Promise.race([
      sink.until(({ type }) => type === "entry.rejected" && sink.events.length > 1),
      setTimeout(5_000),
    ]);
    expect(rejectedOf(sink)[1]).toMatchObject({
      decision: { rule: "flood" },
      detail: { suppressed: 4, addresses: 1 },
    });
    records.close();
    expect(rejectedOf(sink)).toHaveLength(2);
  });

  it("is told at the end, and from then on nothing is left out", () => {
    const { server, sink } = testServer();
    const records = createEntryRecords(server, { ...RECORD_LIMITS, perAddress: 1 });
    for (const _ of "123") records.reject("192.0.2.1", rejection);
    records.close();
    for (const _ of "123") records.reject("192.0.2.1", rejection);
    expect(rejectedOf(sink).map(({ decision }) => decision.rule)).toEqual(["tls", "flood", ...Array(3).fill("tls")]);
  });

  it("does not cost an answer when the record cannot be written", () => {
    const { server, sink } = testServer();
    const records = createEntryRecords(server, { ...RECORD_LIMITS, perAddress: 1 });
    sink.fail.write = () => {
      throw new Error("disk full");
    };
    for (const _ of "123") expect(records.reject("192.0.2.1", rejection)).toMatchObject({ code: "denied" });
    expect(() => records.close()).not.toThrow();
  });
});
