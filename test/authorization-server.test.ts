import { randomBytes, X509Certificate } from "node:crypto";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  createDpopKey,
  dpopProof,
  httpsFetch,
  REDIRECT_URI,
  startAuthorizationServer,
  TEST_CLIENTS,
  type TestAuthorizationServer,
} from "./support/authorization-server/index.ts";
import { createTestCa } from "./support/certificates.ts";

const NOTES = "https://notes.example/mcp";
const FILES = "https://files.example/mcp";
const OPAQUE = "https://opaque.example/mcp";

let server: TestAuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer({
    resources: {
      [NOTES]: { scopes: ["notes:read", "notes:write"] },
      [FILES]: { scopes: ["files:read"], ttlSeconds: 2 },
      [OPAQUE]: { scopes: ["notes:read"], format: "opaque" },
    },
  });
});
afterAll(async () => await server.stop());

const metadata = async () =>
  (await (await server.fetch(`${server.issuer}/.well-known/oauth-authorization-server`)).json()) as Record<
    string,
    unknown
  >;

describe("metadata (RFC 8414)", () => {
  it("says what an MCP client looks for", async () => {
    expect(await metadata()).toMatchObject({
      issuer: server.issuer,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      tls_client_certificate_bound_access_tokens: true,
      registration_endpoint: `${server.issuer}/reg`,
      introspection_endpoint: server.introspection.endpoint,
    });
  });

  it("is served over TLS that only its own authority vouches for", async () => {
    const stranger = httpsFetch((await createTestCa()).cert);
    await expect(stranger(`${server.issuer}/jwks`)).rejects.toThrow("fetch failed");
    expect((await server.fetch(`${server.issuer}/jwks`)).status).toBe(200);
  });
});

describe("a machine's token", () => {
  it("is an RFC 9068 token for exactly one resource", async () => {
    const token = await server.clientCredentialsToken({ resource: NOTES, scope: "notes:read" });
    const keys = createRemoteJWKSet(new URL("/jwks", server.issuer), { [customFetch]: server.fetch });
    const { payload } = await jwtVerify(token, keys, { typ: "at+jwt", algorithms: ["ES256"], issuer: server.issuer });
    expect(payload).toMatchObject({ aud: NOTES, sub: "machine", client_id: "machine", scope: "notes:read" });
    expect(payload["tenant"]).toBeUndefined();
  });

  it("drops scopes that the resource does not know", async () => {
    const token = await server.clientCredentialsToken({ resource: NOTES, scope: "notes:read files:read" });
    expect(decodeJwt(token)["scope"]).toBe("notes:read");
  });

  it("lives as long as the resource says", async () => {
    const { iat = 0, exp } = decodeJwt(await server.clientCredentialsToken({ resource: FILES, scope: "files:read" }));
    expect(exp).toBe(iat + 2);
  });

  it("is not to be had for a resource that nobody registered, until somebody does", async () => {
    const asked = { resource: "https://late.example/mcp", scope: "late" };
    await expect(server.clientCredentialsToken(asked)).rejects.toThrow("invalid_target");
    server.addResource(asked.resource, { scopes: ["late"] });
    expect(decodeJwt(await server.clientCredentialsToken(asked)).aud).toBe(asked.resource);
  });
});

describe("a user's token", () => {
  it.each([
    ["alice", { tenant: "acme", groups: ["editors", "staff"] }],
    ["bob", { tenant: "globex", groups: ["readers"] }],
  ])("comes from the code flow and carries the claims of %s", async (user, claims) => {
    const token = await server.userToken({ user, resource: NOTES, scope: "notes:read notes:write" });
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: "at+jwt", alg: "ES256" });
    expect(decodeJwt(token)).toMatchObject({
      sub: user,
      aud: NOTES,
      client_id: "app",
      scope: "notes:read notes:write",
      ...claims,
    });
  });

  it("is not issued to a user nobody knows", async () => {
    await expect(server.userToken({ user: "mallory", resource: NOTES, scope: "notes:read" })).rejects.toThrow(
      "access_denied",
    );
  });

  it("is not issued without PKCE", async () => {
    const url = authorizationUrl({});
    const back = await server.userAgent().visit(url, { user: "alice" });
    expect(back.searchParams.get("error")).toBe("invalid_request");
    expect(back.searchParams.get("error_description")).toMatch(/PKCE/);
  });

  it("is not issued when the user refuses, and the refusal names the issuer", async () => {
    const url = authorizationUrl({ code_challenge: "x".repeat(43), code_challenge_method: "S256" });
    const browser = server.userAgent();
    const back = await browser.visit(url, { user: "alice", decision: "refuse" });
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: "access_denied", iss: server.issuer });
    expect(browser.pages).toEqual([
      { prompt: "login", client: "app", asked: {} },
      { prompt: "consent", client: "app", asked: { [NOTES]: ["notes:read"] } },
    ]);
  });
});

describe("a bound token", () => {
  it("names the DPoP key, for machines and users", async () => {
    const dpopKey = await createDpopKey();
    for (const token of [
      await server.clientCredentialsToken({ resource: NOTES, scope: "notes:read", dpopKey }),
      await server.userToken({ user: "alice", resource: NOTES, scope: "notes:read", dpopKey }),
    ]) {
      expect(decodeJwt(token)["cnf"]).toEqual({ jkt: dpopKey.thumbprint });
    }
  });

  it("is not issued for a proof made for another endpoint", async () => {
    const proof = await dpopProof(await createDpopKey(), { method: "POST", url: `${server.issuer}/elsewhere` });
    const { client_id, client_secret } = TEST_CLIENTS.machine;
    const response = await server.fetch(`${server.issuer}/token`, {
      method: "POST",
      headers: { dpop: proof, authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials", resource: NOTES, scope: "notes:read" }),
    });
    expect(await response.json()).toMatchObject({ error: "invalid_dpop_proof" });
  });

  it("names the certificate that was shown, for machines and users", async () => {
    const certificate = await server.authority.issue({ usage: "client", commonName: "agent" });
    const fingerprint = new X509Certificate(certificate.cert).fingerprint256;
    const expected = { "x5t#S256": Buffer.from(fingerprint.replaceAll(":", ""), "hex").toString("base64url") };
    for (const token of [
      await server.clientCredentialsToken({ resource: NOTES, scope: "notes:read", certificate }),
      await server.userToken({ user: "bob", resource: NOTES, scope: "notes:read", certificate }),
    ]) {
      expect(decodeJwt(token)["cnf"]).toEqual(expected);
    }
  });
});

describe("an opaque token", () => {
  it("is introspected by the resource server, with the user's claims", async () => {
    const dpopKey = await createDpopKey();
    const token = await server.userToken({ user: "alice", resource: OPAQUE, scope: "notes:read", dpopKey });
    expect(() => decodeJwt(token)).toThrow();
    expect(await server.introspect(token)).toMatchObject({
      active: true,
      sub: "alice",
      aud: OPAQUE,
      iss: server.issuer,
      scope: "notes:read",
      tenant: "acme",
      cnf: { jkt: dpopKey.thumbprint },
      token_type: "DPoP",
    });
  });

  it("is dead once revoked", async () => {
    const token = await server.clientCredentialsToken({ resource: OPAQUE, scope: "notes:read" });
    expect(await server.introspect(token)).toMatchObject({ active: true });
    await server.revoke(token);
    expect(await server.introspect(token)).toEqual({ active: false });
  });

  it("says nothing about a token that never was", async () => {
    expect(await server.introspect(randomBytes(32).toString("base64url"))).toEqual({ active: false });
  });
});

describe("clients nobody configured", () => {
  it("register themselves (RFC 7591), and may ask for other scopes later", async () => {
    const response = await server.fetch(`${server.issuer}/reg`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...PUBLIC_CLIENT, scope: "notes:read" }),
    });
    expect(response.status).toBe(201);
    const { client_id, scope } = (await response.json()) as Record<string, string>;
    expect(scope).toBeUndefined();
    const back = await server
      .userAgent()
      .visit(authorizationUrl({ ...PKCE, client_id: client_id ?? "" }), { user: "alice" });
    expect(back.searchParams.has("code")).toBe(true);
  });

  it("are known by the document that their identifier is the address of", async () => {
    const origin = await host((_, response) => {
      const client_id = `${origin}/client.json`;
      response.setHeader("content-type", "application/json").end(JSON.stringify({ client_id, ...PUBLIC_CLIENT }));
    });
    const url = authorizationUrl({ ...PKCE, client_id: `${origin}/client.json` });
    const back = await server.userAgent().visit(url, { user: "alice" });
    expect(back.searchParams.has("code")).toBe(true);
  });
});

it("forges with the real key what it would never issue", async () => {
  const token = await server.forge({ iss: server.issuer, aud: "https://evil.example" }, { typ: "JWT" });
  const keys = createRemoteJWKSet(new URL("/jwks", server.issuer), { [customFetch]: server.fetch });
  expect((await jwtVerify(token, keys)).payload.aud).toBe("https://evil.example");
});

describe("the tests' fetch", () => {
  it("hands on an answer while it is still being sent, and hangs up when told to", async () => {
    const closed = Promise.withResolvers<void>();
    const origin = await host((_, response) => {
      response.on("close", closed.resolve).write("data: first\n\n");
    });
    const controller = new AbortController();
    const response = await server.fetch(origin, { signal: controller.signal });
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("data: first\n\n");
    controller.abort();
    await expect(reader?.read()).rejects.toThrow();
    await closed.promise;
  });

  it("follows no redirect, and does not hide one", async () => {
    const origin = await host((_, response) => response.writeHead(302, { location: "/elsewhere" }).end());
    await expect(server.fetch(origin)).rejects.toThrow(/redirects/);
    expect((await server.fetch(origin, { redirect: "manual" })).status).toBe(302);
  });
});

/** A server beside the authorization server, under the same authority; gone after the test. */
async function host(handler: RequestListener): Promise<string> {
  const beside = createServer(await server.authority.issue(), handler);
  await new Promise<void>((resolve) => beside.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    beside.closeAllConnections();
    beside.close();
  });
  return `https://localhost:${(beside.address() as AddressInfo).port}`;
}

const PKCE = { code_challenge: "x".repeat(43), code_challenge_method: "S256" };
const PUBLIC_CLIENT = {
  application_type: "native",
  token_endpoint_auth_method: "none",
  redirect_uris: [REDIRECT_URI],
  grant_types: ["authorization_code"],
};

function authorizationUrl(parameters: Readonly<Record<string, string>>): URL {
  const url = new URL("/auth", server.issuer);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: "app",
    redirect_uri: REDIRECT_URI,
    scope: "notes:read",
    resource: NOTES,
    ...parameters,
  }).toString();
  return url;
}
