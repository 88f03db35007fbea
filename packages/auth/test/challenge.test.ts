import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { memoryStore } from "@hardened-mcp/state";
import { describe, expect, it } from "vitest";
import { ALGORITHMS, type AuthenticatorOptions, createApiKey, createAuthenticator, isFailure } from "../src/index.ts";

const RESOURCE = "https://files.example.com/mcp";
const METADATA = 'resource_metadata="https://files.example.com/.well-known/oauth-protected-resource/mcp"';
const ALGS = `algs="${ALGORITHMS.join(" ")}"`;

function authenticator(options: Partial<AuthenticatorOptions> = {}) {
  return createAuthenticator({ resource: RESOURCE, issuers: [{ issuer: "https://as.example" }], ...options });
}

function request(authorization?: string): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.method = "POST";
  message.url = "/mcp";
  message.rawHeaders = authorization === undefined ? [] : ["Authorization", authorization];
  return message;
}

async function challenged(options: Partial<AuthenticatorOptions>, authorization?: string) {
  const answer = await authenticator(options).authenticate(request(authorization), { scopes: ["a", "b"] });
  return isFailure(answer) ? answer.challenges : undefined;
}

const DPOP = { state: memoryStore() };

describe("a challenge", () => {
  it("has no error for who sent nothing (RFC 6750, section 3.1)", async () => {
    expect(await challenged({})).toEqual([`Bearer ${METADATA}, scope="a b"`]);
  });

  it("comes once for each scheme", async () => {
    expect(await challenged({ ...DPOP, dpop: "accepted" })).toEqual([
      `Bearer ${METADATA}, scope="a b"`,
      `DPoP ${METADATA}, scope="a b", ${ALGS}`,
    ]);
    expect(await challenged({ ...DPOP, dpop: "required" })).toEqual([`DPoP ${METADATA}, scope="a b", ${ALGS}`]);
  });

  it.each([
    ["Bearer x", [true, false]],
    ["DPoP x", [false, true]],
  ])("carries the error of %s at the scheme that was tried", async (authorization, expected) => {
    const challenges = await challenged({ ...DPOP, dpop: "accepted" }, authorization);
    expect(challenges?.map((each) => each.includes('error="invalid_token"'))).toEqual(expected);
  });

  it("carries the error of a scheme that is not taken at the one that is", async () => {
    const [challenge] = (await challenged({ ...DPOP, dpop: "required" }, "Bearer x")) ?? [];
    expect(challenge).toMatch(/^DPoP error="invalid_token"/);
  });

  it("names no metadata where there is no authorization server to find by it", async () => {
    const { entry } = createApiKey({ subject: "ci", scopes: [] });
    expect(await challenged({ issuers: [], apiKeys: [entry] })).toEqual(['Bearer scope="a b"']);
  });

  it("for more scopes names all that are needed at once, never offline_access", () => {
    expect(authenticator().insufficientScope(request("Bearer x"), ["a", "b", "offline_access"])).toEqual([
      `Bearer error="insufficient_scope", error_description="The access token lacks a scope that this needs", ${METADATA}, scope="a b"`,
    ]);
  });

  it.each(['a", error="x', "a\r\nSet-Cookie: x", "a\\", "a b", "é", ""])(
    "cannot be broken out of by the scope %j",
    (scope) => {
      const [challenge] = authenticator().insufficientScope(request(), ["ok", scope]);
      expect(challenge).toMatch(/, scope="ok"$/);
    },
  );
});

describe("the metadata", () => {
  it("names the resource, its issuers and scopes, and nothing else", () => {
    expect(authenticator().metadata(["a", "offline_access"])).toEqual({
      resource: RESOURCE,
      authorization_servers: ["https://as.example"],
      scopes_supported: ["a"],
      bearer_methods_supported: ["header"],
    });
  });

  it("says what proofs are taken", () => {
    const options = {
      ...DPOP,
      dpop: "required",
      mtls: "accepted",
      resourceName: "Files",
      resourceDocumentation: "https://d.example/",
    } as const;
    expect(authenticator(options).metadata([])).toMatchObject({
      resource_name: "Files",
      resource_documentation: "https://d.example/",
      dpop_signing_alg_values_supported: ALGORITHMS,
      dpop_bound_access_tokens_required: true,
      tls_client_certificate_bound_access_tokens: true,
    });
  });

  it.each([
    ["https://files.example.com", "https://files.example.com/.well-known/oauth-protected-resource"],
    ["https://files.example.com/", "https://files.example.com/.well-known/oauth-protected-resource"],
    ["https://files.example.com/a/mcp", "https://files.example.com/.well-known/oauth-protected-resource/a/mcp"],
    ["http://127.0.0.1:3000/mcp", "http://127.0.0.1:3000/.well-known/oauth-protected-resource/mcp"],
  ])("of %s is at %s (RFC 9728, section 3.1)", async (resource, place) => {
    expect((await challenged({ resource }))?.[0]).toContain(`resource_metadata="${place}"`);
  });
});
