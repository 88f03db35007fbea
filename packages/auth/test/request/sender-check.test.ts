import { hash, X509Certificate } from "node:crypto";
import { memoryStore } from "@hardened-mcp/state";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCa, type Issued, type TestCa } from "../../../../test/support/certificates.ts";
import { createAuthenticator, type Demand } from "../../src/index.ts";
import { athOf, createDpopClient, type DpopClient } from "../proof/proof-maker.ts";
import { goodClaims, newKey, token } from "../support/forge.ts";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.ts";
import { type Answer, type ResourceServer, startResourceServer } from "../support/resource-server.ts";

const RESOURCE = "https://files.example.com/mcp";
const key = newKey("ES256", "a-1");

let ca: TestCa;
let provider: IdentityProvider;
let alice: DpopClient;
let mallory: DpopClient;
let certificate: Issued;
let otherCertificate: Issued;
beforeAll(async () => {
  ca = await createTestCa();
  provider = await startIdentityProvider(ca, [key]);
  [alice, mallory] = await Promise.all([createDpopClient(), createDpopClient()]);
  [certificate, otherCertificate] = await Promise.all([ca.issue({ usage: "client" }), ca.issue({ usage: "client" })]);
});
afterAll(async () => await provider[Symbol.asyncDispose]());

const thumbprint = ({ cert }: Issued): string => hash("sha256", new X509Certificate(cert).raw, "base64url");
const tokenFor = (cnf?: object): string => token(key, { ...goodClaims(provider.issuer, RESOURCE), cnf });

async function serving(dpop: Demand, mtls: Demand, run: (server: ResourceServer) => Promise<void>): Promise<void> {
  const issuers = [{ issuer: provider.issuer, ca: ca.cert, privateAddresses: "allow" }] as const;
  const authenticator = createAuthenticator({ resource: RESOURCE, issuers, dpop, mtls, state: memoryStore() });
  await using server = await startResourceServer(authenticator, ca);
  await run(server);
}

const prove = async (client: DpopClient, text: string, changes: object = {}): Promise<string> =>
  await client.prove({ htu: RESOURCE, ath: athOf(text), ...changes });
const withProof = async (server: ResourceServer, text: string, proof: string, path = "/mcp"): Promise<Answer> =>
  await server.send({ path, headers: { authorization: `DPoP ${text}`, dpop: proof } });

describe("a token bound to a DPoP key", () => {
  it("is good with a proof by that key, once", async () => {
    await serving("accepted", "off", async (server) => {
      const text = tokenFor({ jkt: alice.jkt });
      const proof = await prove(alice, text);
      expect(await withProof(server, text, proof)).toMatchObject({ status: 200 });
      expect(server.handled.at(-1)?.assurance).toBe("bound-token");
      expect(await withProof(server, text, proof)).toMatchObject({ status: 401, reason: "dpop-replayed" });
      expect(await withProof(server, text, await prove(alice, text))).toMatchObject({ status: 200 });
    });
  });

  it("is good for the query and nothing else besides the path that was signed", async () => {
    await serving("accepted", "off", async (server) => {
      const text = tokenFor({ jkt: alice.jkt });
      expect(await withProof(server, text, await prove(alice, text), "/mcp?x=1")).toMatchObject({ status: 200 });
      expect(await withProof(server, text, await prove(alice, text), "/other")).toMatchObject({ reason: "dpop-uri" });
      const elsewhere = await prove(alice, text, { htu: "https://evil.example/mcp" });
      const headers = { authorization: `DPoP ${text}`, dpop: elsewhere, host: "evil.example" };
      expect(await server.send({ headers })).toMatchObject({ status: 401, reason: "dpop-uri" });
      expect(await server.send({ headers, path: "https://evil.example/mcp" })).toMatchObject({ reason: "dpop-uri" });
    });
  });

  it("is worth nothing to a thief, remembered or not", async () => {
    await serving("accepted", "off", async (server) => {
      const text = tokenFor({ jkt: alice.jkt });
      await withProof(server, text, await prove(alice, text));
      const before = server.handled.length;
      const attempts: [Promise<Answer>, string][] = [
        [server.bearer(text), "binding-mismatch"],
        [server.send({ headers: { authorization: `DPoP ${text}` } }), "dpop-proof-missing"],
        [withProof(server, text, await prove(mallory, text)), "binding-mismatch"],
        [withProof(server, text, await prove(alice, "another token")), "dpop-token"],
        [withProof(server, text, await prove(alice, text, { htm: "GET" })), "dpop-method"],
      ];
      for (const [attempt, reason] of attempts) expect(await attempt).toMatchObject({ status: 401, reason });
      expect(server.handled).toHaveLength(before);
    });
  });

  it("is refused where proofs are off, rather than taken without one", async () => {
    await serving("off", "off", async (server) => {
      expect(await server.bearer(tokenFor({ jkt: alice.jkt }))).toMatchObject({ reason: "binding-not-accepted" });
    });
  });
});

describe("a token bound to nothing", () => {
  it.each<[Demand, Demand, number]>([
    ["off", "off", 200],
    ["accepted", "accepted", 200],
    ["required", "off", 401],
    ["off", "required", 401],
  ])("where DPoP is %s and mTLS is %s: %d", async (dpop, mtls, status) => {
    await serving(dpop, mtls, async (server) => {
      expect(await server.bearer(tokenFor())).toMatchObject({
        status,
        ...(status === 401 && { reason: "proof-required" }),
      });
    });
  });

  it("does not become bound by a proof that comes along", async () => {
    await serving("accepted", "off", async (server) => {
      const text = tokenFor();
      expect(await withProof(server, text, await prove(alice, text))).toMatchObject({
        status: 401,
        reason: "dpop-unbound",
      });
    });
  });
});

describe("a token bound to a certificate", () => {
  const send = async (server: ResourceServer, text: string, shown?: Issued): Promise<Answer> =>
    await server.send({ headers: { authorization: `Bearer ${text}` }, ...(shown && { certificate: shown }) });

  it("is good over a connection with that certificate, and over no other", async () => {
    await serving("off", "required", async (server) => {
      const text = tokenFor({ "x5t#S256": thumbprint(certificate) });
      expect(await send(server, text, certificate)).toMatchObject({ status: 200 });
      expect(server.handled.at(-1)?.assurance).toBe("bound-token");
      expect(await send(server, text, otherCertificate)).toMatchObject({ status: 401, reason: "binding-mismatch" });
      expect(await send(server, text)).toMatchObject({ status: 401, reason: "certificate-missing" });
    });
  });

  it("needs both proofs where it is bound to both", async () => {
    await serving("accepted", "accepted", async (server) => {
      const text = tokenFor({ jkt: alice.jkt, "x5t#S256": thumbprint(certificate) });
      const headers = async () => ({ authorization: `DPoP ${text}`, dpop: await prove(alice, text) });
      expect(await server.send({ headers: await headers(), certificate })).toMatchObject({ status: 200 });
      expect(await server.send({ headers: await headers() })).toMatchObject({ reason: "certificate-missing" });
      expect(await send(server, text, certificate)).toMatchObject({ reason: "binding-mismatch" });
    });
  });
});
