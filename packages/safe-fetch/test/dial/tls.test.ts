import { createServer, type Server } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestCa, type Issued, type TestCa } from "../../../../test/support/certificates.ts";
import { createSafeFetch } from "../../src/index.ts";
import type { SafeFetchOptions } from "../../src/types.ts";
import { closed } from "../support/listeners.ts";
import { ask, outcome } from "../support/read.ts";

let ca: TestCa;
let client: Issued;
let server: Server;
let port: number;

beforeAll(async () => {
  ca = await createTestCa();
  client = await ca.issue({ commonName: "us", usage: "client" });
  const issued = await ca.issue({ names: ["api.test", "127.0.0.1"] });
  server = createServer(
    { ...issued, ca: ca.cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      // What the client asked for; the types of Node do not know it.
      const socket = request.socket as TLSSocket & { readonly servername?: string | false };
      const peer = socket.getPeerCertificate().subject?.CN ?? "nobody";
      response.end(`${String(socket.servername)} ${request.headers.host} ${peer}`);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => closed(server));
afterEach(() => {
  delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
});

const lookup: LookupFunction = (_, __, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]);

async function asking(host: string, options: Partial<SafeFetchOptions>): Promise<string> {
  const allow = [{ host, ports: [port], privateAddresses: "allow" as const }];
  const safe = createSafeFetch({ allow, lookup, ...options });
  try {
    return (await ask(safe, `https://${host}:${port}/`)).body;
  } finally {
    await safe.close();
  }
}

describe("TLS", () => {
  it("is asked for by name, though an address was dialled", async () => {
    expect(await asking("api.test", { tls: { ca: ca.cert } })).toBe(`api.test api.test:${port} nobody`);
  });
  it("is verified for an address as well, without a server name", async () => {
    expect(await asking("127.0.0.1", { tls: { ca: ca.cert } })).toBe(`false 127.0.0.1:${port} nobody`);
  });
  it("shows a certificate of ours where there is one", async () => {
    expect(await asking("api.test", { tls: { ca: ca.cert, ...client } })).toContain(" us");
  });
  it.each([
    ["by an authority that is not trusted", "api.test", async () => ({ ca: (await createTestCa()).cert })],
    ["by the system's authorities, which did not sign it", "api.test", async () => ({})],
    ["of another name", "other.test", async () => ({ ca: ca.cert })],
  ])("refuses a certificate %s, also when the environment says to take any", async (_, host, tls) => {
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    expect(await outcome(async () => asking(host, { tls: await tls() }))).toBe("unreachable");
  });
});
