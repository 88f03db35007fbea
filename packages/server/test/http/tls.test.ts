import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { type AddressInfo, connect as connectPlain } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { accountOf } from "../support/account.ts";
import { fakeAuthenticator } from "../support/authenticator.ts";
import { closed, type HttpServer, rawHttp } from "../support/http.ts";
import { rsaPair } from "../support/rsa.ts";
import { echoOverTls, overTls, shake, startTls, trusting } from "../support/tls.ts";

type Tls = HttpServer & { readonly ca: Awaited<ReturnType<typeof createTestCa>> };

/** A server that takes whatever OpenSSL can do: what the same client achieves there is what ours keeps out. */
async function naive(pair: { cert: string; key: string }): Promise<Server & { port: number }> {
  const server = createServer({ ...pair, minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" }, (_, response) =>
    response.end("ok"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

const old = (version: "TLSv1" | "TLSv1.1"): ConnectionOptions => ({
  minVersion: version,
  maxVersion: version,
  ciphers: "ALL:@SECLEVEL=0",
});
const only = (cipher: string): ConnectionOptions => ({ maxVersion: "TLSv1.2", ciphers: `${cipher}:@SECLEVEL=0` });

const ONLY_WITH: Readonly<Record<"ECDSA" | "RSA", readonly [string, ConnectionOptions][]>> = {
  ECDSA: [["a tag of 64 bits", only("ECDHE-ECDSA-AES128-CCM8")]],
  RSA: [
    ["key exchange by RSA", only("AES128-GCM-SHA256")],
    ["key exchange by RSA with CBC", only("AES128-SHA")],
  ],
};

describe.each(["ECDSA", "RSA"] as const)("with an %s certificate", (kind) => {
  let http: Tls;
  let weak: Server & { port: number };
  beforeAll(async () => {
    const ca = await createTestCa();
    const pair = kind === "RSA" ? await rsaPair() : await ca.issue();
    http = await startTls({}, pair);
    weak = await naive(pair);
  });
  afterAll(async () => {
    weak.close();
    await http[Symbol.asyncDispose]();
  });

  it.each<[string, ConnectionOptions]>([
    ["TLS 1.0", old("TLSv1")],
    ["TLS 1.1", old("TLSv1.1")],
    ["CBC with SHA-1", only(`ECDHE-${kind}-AES128-SHA`)],
    ["CBC with SHA-256", only(`ECDHE-${kind}-AES128-SHA256`)],
    ["CBC with SHA-384", only(`ECDHE-${kind}-AES256-SHA384`)],
    ...ONLY_WITH[kind],
  ])("refuses %s, which a naive server takes", async (_, client) => {
    expect(await shake(weak.port, client)).toMatchObject({ ok: true });
    expect(await shake(http.port, client)).toMatchObject({ ok: false });
  });

  it.each<[string, ConnectionOptions, string]>([
    ["TLS 1.3", { minVersion: "TLSv1.3" }, "TLSv1.3"],
    ["TLS 1.3 where both would do", {}, "TLSv1.3"],
    ["TLS 1.2 with AES-256-GCM", only(`ECDHE-${kind}-AES256-GCM-SHA384`), "TLSv1.2"],
    ["TLS 1.2 with AES-128-GCM", only(`ECDHE-${kind}-AES128-GCM-SHA256`), "TLSv1.2"],
    ["TLS 1.2 with ChaCha20", only(`ECDHE-${kind}-CHACHA20-POLY1305`), "TLSv1.2"],
  ])("speaks %s", async (_, client, protocol) => {
    expect(await shake(http.port, client)).toMatchObject({ ok: true, protocol });
  });

  it("chooses the cipher itself", async () => {
    const client = only(`ECDHE-${kind}-AES128-GCM-SHA256:ECDHE-${kind}-AES256-GCM-SHA384`);
    expect((await shake(http.port, client)).cipher).toBe(`ECDHE-${kind}-AES256-GCM-SHA384`);
  });
});

describe("TLS", () => {
  let http: Tls;
  beforeAll(async () => {
    http = await startTls({ limits: { maxBodyBytes: 1_000 } });
  });
  afterAll(() => http[Symbol.asyncDispose]());

  it("calls a tool, for a client that trusts the authority", async () => {
    expect((await echoOverTls(http.url, "hello", trusting(http.ca))).body).toContain("hello");
    await expect(echoOverTls(http.url, "hello", {})).rejects.toThrow(/certificate/);
  });

  it("answers plain HTTP on its port with nothing readable, and puts it on record", async () => {
    await using http = await startTls();
    const answer = await rawHttp(http.port, `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\n\r\n`).catch(() => ({
      head: "",
      body: "",
    }));
    expect(answer.head + answer.body).not.toContain("HTTP/");
    expect(http.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "tls" } }]);
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("resumes no session in %s", async (version) => {
    const options: ConnectionOptions = { port: http.port, host: "127.0.0.1", ca: http.ca.cert, maxVersion: version };
    const sessions: Buffer[] = [];
    const first = connect(options);
    first.on("session", (session: Buffer) => sessions.push(session));
    await once(first, "secureConnect");
    first.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await closed(first);
    const held = sessions.at(-1) ?? first.getSession();
    const second = connect({ ...options, ...(held === undefined ? {} : { session: held }) });
    await once(second, "secureConnect");
    expect(second.isSessionReused()).toBe(false);
    second.destroy();
  });

  it("does not renegotiate", async () => {
    const socket = connect({ port: http.port, host: "127.0.0.1", ca: http.ca.cert, maxVersion: "TLSv1.2" });
    await once(socket, "secureConnect");
    const error = await new Promise<Error | null>((resolve) => {
      socket.on("error", resolve);
      socket.on("close", () => resolve(new Error("closed")));
      socket.renegotiate({ rejectUnauthorized: false }, resolve);
    });
    expect(error).toBeInstanceOf(Error);
    socket.destroy();
  });

  it.each([
    ["http/1.1", true],
    ["h2", false],
    ["ftp", false],
  ])("to a client that speaks only %s: %s", async (protocol, ok) => {
    expect((await shake(http.port, { ALPNProtocols: [protocol] })).ok).toBe(ok);
  });

  const answers: [string, string, RequestInit & { expect?: boolean }, number][] = [
    ["an answer of the SDK", "/mcp", { body: "{}" }, 400],
    ["another route", "/nothing", {}, 404],
    ["another method", "/mcp", {}, 405],
    ["a large body", "/mcp", { body: "x".repeat(2_000) }, 413],
    ["an expectation", "/mcp", { body: "{}", expect: true }, 417],
  ];
  it.each(answers)("sends HSTS with %s", async (_, path, { body, expect: expects }, status) => {
    const headers = { "content-type": "application/json", ...(expects ? { expect: "tea" } : {}) };
    const answer = await overTls(new URL(path, http.url), { ...trusting(http.ca), headers }, body as string);
    expect([answer.status, answer.headers["strict-transport-security"]]).toEqual([status, "max-age=31536000"]);
  });

  it("sends HSTS with a result, a challenge and a foreign host's 403", async () => {
    await using asking = await startTls({
      authenticator: fakeAuthenticator(async () => ({ status: 401, challenges: ["Bearer"], reason: "x" })),
    });
    const got = await Promise.all([
      echoOverTls(http.url, "x", trusting(http.ca)),
      echoOverTls(asking.url, "x", trusting(asking.ca)),
      overTls(http.url, { ...trusting(http.ca), headers: { origin: "https://evil.example" } }, "{}"),
    ]);
    expect(got.map(({ status }) => status)).toEqual([200, 401, 403]);
    expect(got.map(({ headers }) => headers["strict-transport-security"])).toEqual(Array(3).fill("max-age=31536000"));
  });
});

describe("handshakes that go nowhere", () => {
  it.each(["says nothing", "sends its hello a byte at a time"])(
    "a client that %s is cut off, and makes room for others",
    async (way) => {
      await using http = await startTls({ limits: { maxConnections: 1, headersTimeoutMs: 200 } });
      const slow = connectPlain(http.port, "127.0.0.1");
      const hello = Buffer.from("16030100f0010000ec0303", "hex");
      let sent = 0;
      const drip = setInterval(() => {
        if (way !== "says nothing" && slow.writable) slow.write(hello.subarray(sent, ++sent));
      }, 50);
      await closed(slow);
      clearInterval(drip);
      // Eleven bytes would take 550 ms.
      expect(sent).toBeLessThan(9);
      expect(http.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "tls" } }]);
      expect((await shake(http.port)).ok).toBe(true);
    },
  );

  it("1,000 clients at once get no more than maxConnections handshakes, and the others are all accounted for", async () => {
    await using http = await startTls({ limits: { maxConnections: 8 } });
    const clients = Array.from({ length: 1_000 }, () =>
      connect({ port: http.port, host: "127.0.0.1", rejectUnauthorized: false })
        .on("error", () => undefined)
        .resume(),
    );
    const shaken = new Set<TLSSocket>();
    for (const client of clients) client.once("secureConnect", () => shaken.add(client));
    await Promise.all(
      clients.map((client) =>
        Promise.race([new Promise((done) => client.once("secureConnect", done)), closed(client)]),
      ),
    );
    expect(shaken.size).toBe(8);
    for (const client of shaken) client.destroy();
    await expect
      .poll(() =>
        echoOverTls(http.url, "still here", trusting(http.ca)).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    await http.running.stop("test");
    // The polls above may have come too early, and were turned away as well.
    expect(accountOf(http.sink).told).toBeGreaterThanOrEqual(992);
    expect(accountOf(http.sink).records).toBeLessThan(50);
  });
});
