import { memoryStore } from "@hardened-mcp/state";
import { describe, expect, it } from "vitest";
import { AuthConfigError, type AuthenticatorOptions, createApiKey, createAuthenticator } from "../../src/index.ts";

const ISSUER = { issuer: "https://as.example" };
const OPAQUE = {
  issuer: "https://o.example",
  tokens: "opaque",
  introspection: { clientId: "rs", clientSecret: "s" },
} as const;
const GOOD: AuthenticatorOptions = { resource: "https://files.example.com/mcp", issuers: [ISSUER] };
const { entry } = createApiKey({ subject: "ci", scopes: ["files:read"] });
const create = (options: object) => () => createAuthenticator({ ...GOOD, ...options } as AuthenticatorOptions);

describe("options", () => {
  it.each([
    ["https", {}],
    ["an origin alone", { resource: "https://files.example.com" }],
    ["an origin with a slash", { resource: "https://files.example.com/" }],
    ["http on 127.0.0.1", { resource: "http://127.0.0.1:3000/mcp" }],
    ["http on localhost", { resource: "http://localhost:3000/mcp" }],
    ["http on ::1", { resource: "http://[::1]:3000/mcp" }],
    ["one opaque issuer beside others", { issuers: [ISSUER, OPAQUE] }],
    ["API keys alone", { issuers: [], apiKeys: [entry] }],
    ["DPoP with a store", { dpop: "required", state: memoryStore() }],
  ])("take %s", (_, options) => {
    expect(create(options)).not.toThrow();
  });

  it.each([
    ["a typo, with the right name", { dpopp: "required" }, 'Did you mean "dpop"?'],
    ["a typo in an issuer", { issuers: [{ ...ISSUER, audiance: [] }] }, 'Did you mean "audience"?'],
    ["a typo in the roles", { issuers: [{ ...ISSUER, claims: { role: {} } }] }, 'Did you mean "roles"?'],
    ["a typo in the cache", { tokenCache: { maxAge: 1 } }, 'Did you mean "maxAgeMs"?'],
    ["a typo in a key", { apiKeys: [{ ...entry, expires: "x" }] }, "has no option"],
    ["http elsewhere", { resource: "http://files.example.com/mcp" }, "https"],
    ["http at a name that only looks like loopback", { resource: "http://127.0.0.1.example.com/" }, "https"],
    ["a fragment", { resource: "https://files.example.com/mcp#a" }, "fragment"],
    ["an empty fragment", { resource: "https://files.example.com/mcp#" }, "fragment"],
    ["a query", { resource: "https://files.example.com/mcp?a" }, "query"],
    ["credentials in the resource", { resource: "https://a@files.example.com/mcp" }, "credentials"],
    ["a resource in upper case", { resource: "https://FILES.example.com/mcp" }, "https://files.example.com/mcp"],
    ["a default port", { resource: "https://files.example.com:443/mcp" }, "https://files.example.com/mcp"],
    ["dots in the path", { resource: "https://files.example.com/a/../mcp" }, "https://files.example.com/mcp"],
    ["no URL", { resource: "mcp" }, "absolute"],
    ["no resource", { resource: undefined }, "auth.resource"],
    ["an issuer over http", { issuers: [{ issuer: "http://as.example" }] }, "https"],
    ["an issuer over http on loopback", { issuers: [{ issuer: "http://127.0.0.1:1" }] }, "https"],
    ["the same issuer twice", { issuers: [ISSUER, ISSUER] }, "twice"],
    ["two opaque issuers", { issuers: [OPAQUE, { ...OPAQUE, issuer: "https://p.example" }] }, "two opaque"],
    ["an opaque issuer without introspection", { issuers: [{ ...ISSUER, tokens: "opaque" }] }, "introspection"],
    ["introspection of an issuer with JWTs", { issuers: [{ ...OPAQUE, tokens: "jwt" }] }, "introspection"],
    [
      "introspection over http",
      { issuers: [{ ...OPAQUE, introspection: { ...OPAQUE.introspection, endpoint: "http://o.example" } }] },
      "https",
    ],
    [
      "answers believed for longer than half a minute",
      { issuers: [{ ...OPAQUE, introspection: { ...OPAQUE.introspection, cacheMs: 30_001 } }] },
      "cacheMs",
    ],
    ["keys over http", { issuers: [{ ...ISSUER, jwksUri: "http://as.example/jwks" }] }, "https"],
    ["HS256", { issuers: [{ ...ISSUER, algorithms: ["HS256"] }] }, "ES256"],
    ["none", { issuers: [{ ...ISSUER, algorithms: ["none"] }] }, "ES256"],
    ["no algorithm", { issuers: [{ ...ISSUER, algorithms: [] }] }, "at least one"],
    ["the path of a certificate", { issuers: [{ ...ISSUER, ca: "/etc/ca.pem" }] }, "PEM"],
    ["nobody who could call", { issuers: [] }, "neither"],
    ["DPoP without a store", { dpop: "accepted" }, "state"],
    ["API keys where every token must be bound", { apiKeys: [entry], mtls: "required" }, "apiKeys"],
    ["a demand that does not exist", { mtls: "on" }, '"required"'],
    ["a tolerance of an hour", { clockToleranceS: 3_600 }, "300"],
    ["a lifetime without end", { maxAgeS: Number.POSITIVE_INFINITY }, "maxAgeS"],
    ["an API key in the clear", { apiKeys: [{ ...entry, hash: "hmcp_ci_secret" }] }, "sha256:"],
    ["an API key with a short digest", { apiKeys: [{ ...entry, hash: "sha256:AAAA" }] }, "43"],
    ["two API keys under one id", { apiKeys: [entry, entry] }, "another key"],
    ["an API key without scopes", { apiKeys: [{ ...entry, scopes: undefined }] }, "scopes"],
    ["an API key's scopes as text", { apiKeys: [{ ...entry, scopes: "a b" }] }, "scopes"],
    ["an API key without a subject", { apiKeys: [{ ...entry, subject: "" }] }, "subject"],
    ["an end without its offset", { apiKeys: [{ ...entry, expiresAt: "2027-01-31T00:00:00" }] }, "expiresAt"],
    ["an end that is no date", { apiKeys: [{ ...entry, expiresAt: "2027-99-31T00:00:00Z" }] }, "expiresAt"],
    ["a role that is no text", { issuers: [{ ...ISSUER, claims: { roles: { claim: "g", map: { a: 1 } } } }] }, "map"],
    ["roles without a claim", { issuers: [{ ...ISSUER, claims: { roles: { map: {} } } }] }, "claim"],
  ])("refuse %s", (_, options, hint) => {
    expect(create(options)).toThrow(AuthConfigError);
    expect(create(options)).toThrow(hint);
  });

  it("never show a secret in what they say", () => {
    const issuers = [{ ...OPAQUE, introspection: { clientId: "", clientSecret: "s3cret-value" } }];
    expect(create({ issuers })).toThrow(expect.not.stringContaining("s3cret") as unknown as string);
    expect(create({ apiKeys: [{ ...entry, hash: "hmcp_ci_s3cret" }] })).toThrow(
      expect.not.stringContaining("s3cret") as unknown as string,
    );
  });
});
