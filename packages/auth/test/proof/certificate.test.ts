import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import {
  createServer as createHttpServer,
  get as httpGet,
  type IncomingMessage,
  type RequestListener,
} from "node:http";
import { Agent, type AgentOptions, createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { connect, type SecureVersion } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createTestCa, type Issued } from "../../../../test/support/certificates.ts";
import { certificateThumbprint } from "../../src/proof/certificate.ts";

const NONE = "none";
const ca = await createTestCa();
const otherCa = await createTestCa("another authority");
const [server, alice, bob, stranger, lapsed] = await Promise.all([
  ca.issue(),
  ca.issue({ usage: "client", commonName: "alice" }),
  ca.issue({ usage: "client", commonName: "bob" }),
  otherCa.issue({ usage: "client", commonName: "alice" }),
  ca.issue({ usage: "client", commonName: "alice", validForMs: -60_000 }),
]);

/** Answers with what it took the sender's certificate for. Certificates are asked for, and anything is let in. */
const answer: RequestListener = (request, response) => response.end(certificateThumbprint(request) ?? NONE);
const tls = createServer(
  { cert: server.cert, key: server.key, ca: ca.cert, requestCert: true, rejectUnauthorized: false },
  answer,
);
const notAsking = createServer({ cert: server.cert, key: server.key }, answer);
const plain = createHttpServer(answer);

beforeAll(async () => {
  for (const one of [tls, notAsking, plain]) {
    one.listen(0, "127.0.0.1");
    await once(one, "listening");
  }
});

afterAll(() => {
  for (const one of [tls, notAsking, plain]) {
    one.closeAllConnections();
    one.close();
  }
});

describe("the thumbprint of", () => {
  test("a certificate by our authority is the SHA-256 of its DER", async () => {
    expect(await ask(tls, alice)).toBe(thumbprintOf(alice));
    expect(thumbprintOf(alice)).toMatch(/^[\w-]{43}$/);
  });

  test("another certificate by the same authority is another", async () => {
    expect(await ask(tls, bob)).toBe(thumbprintOf(bob));
    expect(thumbprintOf(bob)).not.toBe(thumbprintOf(alice));
  });

  test.each([
    ["a certificate by an authority we do not know", stranger],
    ["a certificate that has expired", lapsed],
    ["no certificate", undefined],
  ])("%s is none", async (_name, certificate) => {
    expect(await ask(tls, certificate)).toBe(NONE);
  });

  test("a certificate is none where the server does not ask for one", async () => {
    expect(await ask(notAsking, alice)).toBe(NONE);
  });
});

describe("a header that pretends to be a certificate counts for nothing", () => {
  const headers = {
    "x-client-cert": alice.cert.replaceAll("\n", " "),
    "x-ssl-client-cert": encodeURIComponent(alice.cert),
    "x-forwarded-client-cert": `Hash=${thumbprintOf(alice)}`,
    "client-cert": `:${new X509Certificate(alice.cert).raw.toString("base64")}:`,
    "x-ssl-client-verify": "SUCCESS",
  };

  test("over TLS", async () => {
    expect(await ask(tls, undefined, headers)).toBe(NONE);
  });

  test("over TLS, next to a certificate of one's own", async () => {
    expect(await ask(tls, bob, headers)).toBe(thumbprintOf(bob));
  });

  test("over plain HTTP", async () => {
    const response = await answerOf(httpGet({ port: portOf(plain), host: "127.0.0.1", headers, agent: false }));
    expect(response).toBe(NONE);
  });
});

describe("a certificate that expires while its session lives is none", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("on a connection that was kept open", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: ca.cert, cert: alice.cert, key: alice.key });
    const target = { host: "localhost", port: portOf(tls), agent };
    const first = get(target);
    expect(await answerOf(first)).toBe(thumbprintOf(alice));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 3_600_000 });
    const second = get(target);
    expect(await answerOf(second)).toBe(NONE);
    expect(second.reusedSocket).toBe(true);
    agent.destroy();
  });

  test("on a connection that resumes the session", async () => {
    const { session } = await askWithSession("TLSv1.3", alice);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 3_600_000 });
    expect(await askWithSession("TLSv1.3", undefined, session)).toMatchObject({ body: NONE, resumed: true });
  });
});

// OpenSSL keeps the certificate in the session, and takes a TLS 1.3 connection that resumes one for verified.
describe.each<SecureVersion>(["TLSv1.2", "TLSv1.3"])("a connection that resumes a session (%s)", (version) => {
  test.each([
    ["keeps the certificate it began with", alice, thumbprintOf(alice)],
    ["does not make a stranger's certificate good", stranger, NONE],
    ["does not make an expired certificate good", lapsed, NONE],
    ["does not make up a certificate where there was none", undefined, NONE],
  ])("%s", async (_name, certificate, expected) => {
    const first = await askWithSession(version, certificate);
    expect(first).toMatchObject({ body: expected, resumed: false });
    expect(await askWithSession(version, undefined, first.session)).toMatchObject({ body: expected, resumed: true });
  });
});

function thumbprintOf({ cert }: Issued): string {
  return createHash("sha256").update(new X509Certificate(cert).raw).digest("base64url");
}

function portOf(of: { address(): unknown }): number {
  return (of.address() as AddressInfo).port;
}

async function ask(of: typeof tls, certificate: Issued | undefined, headers: Readonly<Record<string, string>> = {}) {
  const credentials: AgentOptions = certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key };
  return await answerOf(
    get({ host: "localhost", port: portOf(of), ca: ca.cert, headers, agent: false, ...credentials }),
  );
}

async function answerOf(request: ReturnType<typeof get>): Promise<string> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return (await response.toArray()).join("");
}

async function askWithSession(version: SecureVersion, certificate: Issued | undefined, session?: Buffer) {
  const socket = connect({
    host: "localhost",
    servername: "localhost",
    port: portOf(tls),
    ca: ca.cert,
    minVersion: version,
    maxVersion: version,
    ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key }),
    ...(session === undefined ? {} : { session }),
  });
  let ticket: Buffer | undefined;
  socket.on("session", (given: Buffer) => {
    ticket = given;
  });
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  await once(socket, "secureConnect");
  const resumed = socket.isSessionReused();
  const text = Buffer.concat(await socket.toArray()).toString();
  return { body: text.split("\r\n\r\n")[1]?.match(/[\w-]{43}|none/)?.[0], resumed, session: ticket };
}
