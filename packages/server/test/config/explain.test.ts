import { describe, expect, it } from "vitest";
import { z } from "zod";
import { explainIssues } from "../../src/config/explain.ts";
import { authConfig, localConfig, stateConfig, tlsConfig } from "../../src/config/schema.ts";
import { refuseUnsafeHttp } from "../../src/config/unsafe-http.ts";
import { ConfigError } from "../../src/errors/config-error.ts";
import { auth } from "./support/security.ts";

const schema = z.strictObject({
  auth: authConfig.exactOptional(),
  state: stateConfig.exactOptional(),
  local: localConfig.exactOptional(),
  http: z.strictObject({ tls: tlsConfig.exactOptional() }).exactOptional(),
});

function explain(config: object): readonly string[] {
  const parsed = schema.safeParse(config);
  return parsed.success ? [] : explainIssues(schema, parsed.error.issues);
}

const issuer = { issuer: "https://idp.example.com" };
const key = { id: "ci", hash: "sha256:x", subject: "ci", scopes: [] };
const withAuth = (given: object) => ({ auth: { resource: "https://mcp.example.com/mcp", ...given } });

describe("a misspelt key", () => {
  it.each([
    [{ atuh: {} }, 'Unknown key "atuh". Did you mean "auth"?'],
    [withAuth({ issuer: [] }), 'Unknown key "auth.issuer". Did you mean "auth.issuers"?'],
    [withAuth({ issuers: [issuer, { ...issuer, audiance: [] }] }), 'Did you mean "auth.issuers.1.audience"?'],
    [
      withAuth({ issuers: [{ ...issuer, introspection: { clientId: "x", clientSecretFile: "y", endpont: "z" } }] }),
      'Did you mean "auth.issuers.0.introspection.endpoint"?',
    ],
    [withAuth({ issuers: [{ ...issuer, claims: { tennant: "t" } }] }), 'Did you mean "auth.issuers.0.claims.tenant"?'],
    [
      withAuth({ issuers: [{ ...issuer, claims: { roles: { claim: "g", map: {}, maps: {} } } }] }),
      'Did you mean "auth.issuers.0.claims.roles.map"?',
    ],
    [withAuth({ apiKeys: [key, key, { ...key, expiresat: "x" }] }), 'Did you mean "auth.apiKeys.2.expiresAt"?'],
    [{ state: { keyfile: "x" } }, 'Did you mean "state.keyFile"?'],
    [{ local: { role: ["x"] } }, 'Did you mean "local.roles"?'],
    [
      { http: { tls: { certFile: "a", keyFile: "b", clientCertificate: "required" } } },
      'Did you mean "http.tls.clientCertificates"?',
    ],
  ])("is named with the right one: %j", (config, message) => {
    expect(explain(config)).toEqual([expect.stringContaining(message)]);
  });

  it("of another form of the same place is not said to be meant for itself", () => {
    const form = (type: string, key: string) => z.strictObject({ type: z.literal(type), [key]: z.string() });
    const forms = z.discriminatedUnion("type", [form("sqlite", "file"), form("postgres", "url")]);
    const { error } = forms.safeParse({ type: "sqlite", file: "x", url: "y" });
    expect(explainIssues(forms, error?.issues ?? [])).toEqual(['Unknown key "url".']);
  });

  it("that is like none is named without a guess", () => {
    expect(explain({ state: { zzzzzzzz: 1 } })).toEqual(['Unknown key "state.zzzzzzzz".']);
  });

  it("is found beside others, one line each", () => {
    expect(explain({ state: { keyfile: "x", ur: "y" }, local: { role: [] } })).toHaveLength(3);
  });
});

describe("a value that does not fit", () => {
  it.each([
    [withAuth({ apiKeys: [{ ...key, scopes: "files:read" }] }), "auth.apiKeys.0.scopes: "],
    [withAuth({ dpop: "maybe" }), "auth.dpop: "],
    [withAuth({ issuers: [{ issuer: "idp" }] }), "auth.issuers.0.issuer: "],
    [withAuth({ maxAgeS: 1 }), "auth.maxAgeS: "],
    [{ auth: {} }, "auth.resource: "],
  ])("is named by its place: %j", (config, start) => {
    expect(explain(config)).toEqual([expect.stringMatching(`^${start}`)]);
  });

  it("is not repeated: it may be a secret in the wrong place", () => {
    const secret = "s3cret-in-the-wrong-place";
    const wrong = [
      withAuth({ apiKeys: [{ ...key, hash: [secret] }], dpop: secret, issuers: [{ issuer: secret }] }),
      { state: { url: `redis://:${secret}@h/0` } },
    ];
    for (const config of wrong) expect(explain(config).join()).not.toContain(secret);
  });
});

describe("an address that other machines can reach", () => {
  const reach = {
    host: "0.0.0.0",
    tls: { certFile: "a", keyFile: "b", clientCertificates: "off" },
    allowedHosts: ["mcp.example.com"],
  } as const;
  const { tls: _, ...plain } = reach;
  const { allowedHosts: __, ...anyHost } = reach;

  it.each([
    [{ http: reach }, ['"auth": {']],
    [{ http: plain, auth: auth({}) }, ['"tls": {', "trustedProxies"]],
    [{ http: anyHost, auth: auth({}) }, ['"allowedHosts": [']],
    [{ http: { host: "::" } }, ['"auth": {', '"tls": {', '"allowedHosts": [']],
    [{ http: { host: "127.0.0.1", trustedProxies: ["10.0.0.1"] } }, ['"auth": {', '"allowedHosts": [']],
  ])("is refused with the lines to add: %j", (config, lines) => {
    const refused = () => refuseUnsafeHttp(config);
    expect(refused).toThrow(ConfigError);
    for (const line of lines) expect(refused).toThrow(line);
  });

  it("is served where all of it is there, as loopback is anyhow, and stdio", () => {
    refuseUnsafeHttp({ http: reach, auth: auth({}) });
    refuseUnsafeHttp({ http: { host: "127.0.0.1" } });
    refuseUnsafeHttp({});
  });

  const proxied = { ...plain, trustedProxies: ["10.0.0.1"] };
  it.each([
    [
      "tokens bound to certificates that nobody is asked for",
      { http: reach, auth: auth({ mtls: "required" }) },
      "clientCa",
    ],
    ["the same behind a proxy that ends TLS", { http: proxied, auth: auth({ mtls: "accepted" }) }, "trustedProxies"],
    [
      "a resource where this server is not",
      { http: reach, auth: auth({ resource: "https://mcp.example.com/api" }) },
      "/mcp",
    ],
    [
      "a resource at a host that is refused",
      { http: reach, auth: auth({ resource: "https://mcp.example.org/mcp" }) },
      "allowedHosts",
    ],
    ["callers over HTTP, and no HTTP", { auth: auth({}) }, '"http"'],
  ])("is refused where the configuration contradicts itself: %s", (_, config, word) => {
    expect(() => refuseUnsafeHttp(config)).toThrow(ConfigError);
    expect(() => refuseUnsafeHttp(config)).toThrow(word);
  });

  it("may be known by another path behind a proxy, and by another case of its name", () => {
    refuseUnsafeHttp({ http: proxied, auth: auth({ resource: "https://mcp.example.com/team/mcp" }) });
    refuseUnsafeHttp({ http: { ...reach, allowedHosts: ["MCP.example.com"] }, auth: auth({}) });
  });
});
