import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCa, type Issued } from "../../../../test/support/certificates.ts";
import type { ClientCertificates } from "../../src/http/tls/options.ts";
import { closed, type HttpServer } from "../support/http.ts";
import { rsaPair } from "../support/rsa.ts";
import { echoOverTls, startTls, trusting } from "../support/tls.ts";

const clients = await createTestCa("clients");
const stranger = await createTestCa("clients");

/** What a client may show, and what OpenSSL calls it. */
const bad: readonly [string, () => Promise<Issued>][] = [
  ["an expired one", () => clients.issue({ usage: "client", validForMs: -60_000 })],
  ["a self-signed one", () => rsaPair()],
  ["one of another authority by the same name", () => stranger.issue({ usage: "client" })],
  ["a server's", () => clients.issue({ usage: "server" })],
];

describe.each(["required", "optional"] as const)("client certificates %s", (mode: ClientCertificates) => {
  let http: HttpServer & { readonly ca: Awaited<ReturnType<typeof createTestCa>> };
  beforeAll(async () => {
    http = await startTls({}, { clientCertificates: mode, clientCa: clients.cert });
  });
  afterAll(() => http[Symbol.asyncDispose]());

  it("lets in a client with a good one", async () => {
    const answer = await echoOverTls(http.url, "hello", trusting(http.ca, await clients.issue({ usage: "client" })));
    expect(answer.body).toContain("hello");
  });

  it(`${mode === "required" ? "refuses" : "lets in"} a client without one`, async () => {
    const answer = echoOverTls(http.url, "hello", trusting(http.ca)).then(({ status }) => status);
    if (mode === "required") await expect(answer).rejects.toThrow();
    else expect(await answer).toBe(200);
  });

  it("takes none from a header", async () => {
    const { cert } = await clients.issue({ usage: "client" });
    const headers = { "x-forwarded-client-cert": encodeURIComponent(cert), "x-ssl-client-verify": "SUCCESS" };
    const answer = echoOverTls(http.url, "hello", { ...trusting(http.ca), headers }).then(({ status }) => status);
    if (mode === "required") await expect(answer).rejects.toThrow();
    else expect(await answer).toBe(200);
  });

  it.each(bad)("refuses %s, and runs nothing for it", async (_, issue) => {
    const [calls, records] = [http.sink.of("call.intent").length, http.sink.of("entry.rejected").length];
    await expect(echoOverTls(http.url, "hello", trusting(http.ca, await issue()))).rejects.toThrow();
    expect(http.sink.of("call.intent")).toHaveLength(calls);
    const rule = mode === "required" ? "tls" : "client_certificate";
    expect(http.sink.of("entry.rejected").slice(records)).toMatchObject([{ decision: { rule } }]);
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "answers no request that a bad client sends with its hello in %s",
    async (version) => {
      const socket = connect({
        port: http.port,
        host: "127.0.0.1",
        ca: http.ca.cert,
        maxVersion: version,
        ...(await rsaPair()),
      });
      // Written before the handshake is over, so that it leaves with the client's last message of it.
      socket.write(`POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\nContent-Length: 2\r\n\r\n{}`);
      expect(await closed(socket)).toBe("");
    },
  );
});

describe("client certificates off", () => {
  it("asks for none, and a bad one that comes unasked is never sent", async () => {
    await using http = await startTls();
    const socket = connect({ port: http.port, host: "127.0.0.1", ca: http.ca.cert, ...(await rsaPair()) });
    await once(socket, "secureConnect");
    socket.destroy();
    expect((await echoOverTls(http.url, "hello", trusting(http.ca, await rsaPair()))).status).toBe(200);
  });
});
