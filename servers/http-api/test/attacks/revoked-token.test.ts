import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  startAuthorizationServer,
  type TestAuthorizationServer,
} from "../../../../test/support/authorization-server/index.ts";
import { codeOf, type SecureServer, startSecure } from "../../../../test/support/secure-server.ts";
import {
  OAUTH_CLIENT,
  type OAuthServer,
  oauthServer,
  type ReferenceApi,
  referenceApi,
} from "../support/upstreams/index.ts";
import { CLI } from "./support/attacked.ts";

const RESOURCE = "https://localhost/mcp";

/** Alice and Bob over HTTP, each with tokens of a real authorization server that can take them back. */
describe("two callers, one of whom loses a token", () => {
  const folder = mkdtempSync(join(tmpdir(), "hardened-api-"));
  let as: TestAuthorizationServer;
  let oauth: OAuthServer;
  let api: ReferenceApi;
  let server: SecureServer;
  const tokenOf = (user: string) => as.userToken({ resource: RESOURCE, scope: "http:read", user });

  beforeAll(async () => {
    as = await startAuthorizationServer({ resources: { [RESOURCE]: { scopes: ["http:read"], format: "opaque" } } });
    oauth = await oauthServer({
      // As it has to be: whoever exchanges asks whose the token is, and whether it still is good.
      verifySubject: async (token) => {
        const { active, sub } = await as.introspect(token);
        if (active !== true) throw new Error("no longer good");
        return String(sub);
      },
    });
    api = await referenceApi({
      admits: ({ headers }) => oauth.issued.some(({ token }) => headers["authorization"] === `Bearer ${token}`),
    });
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
      return join(folder, name);
    };
    const { clientId, clientSecret } = as.introspection;
    server = await startSecure({
      cli: CLI,
      folder,
      audit: join(folder, "audit"),
      callers: { machine: { scopes: ["http:read"] } },
      config: {
        auth: {
          resource: RESOURCE,
          issuers: [
            {
              issuer: as.issuer,
              tokens: "opaque",
              caFile: file("ca.pem", as.ca),
              privateAddresses: "allow",
              introspection: { clientId, clientSecretFile: file("introspection", clientSecret), cacheMs: 0 },
            },
          ],
        },
        apis: {
          reference: {
            spec: file("reference.yaml", api.yaml),
            baseUrl: api.baseUrl,
            credential: {
              type: "token_exchange",
              tokenUrl: oauth.tokenUrl,
              clientId: OAUTH_CLIENT.id,
              clientSecret: { file: file("secret", OAUTH_CLIENT.secret) },
              audience: oauth.resource,
            },
          },
        },
      },
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await oauth[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
    await as.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const cached = (token: string) => server.ask(token, "tools/call", { name: "cached", arguments: { kind: "private" } });
  const asked = () => api.count("/v1/cache/private");

  it("each has an exchange and a cache of their own; what is taken back ends at once, for its owner alone", async () => {
    const [alice, bob] = [await tokenOf("alice"), await tokenOf("bob")];
    for (const token of [alice, bob, alice, bob]) expect(codeOf(await cached(token))).toBe("ok");
    // Two exchanges and two questions for four calls: nobody got the other's, and nobody's was asked for twice.
    expect(oauth.exchanged.map(({ subject, subjectToken }) => [subject, subjectToken])).toEqual([
      ["alice", alice],
      ["bob", bob],
    ]);
    const holders = api.requests.map(({ headers }) => headers["authorization"]);
    expect(holders).toEqual(oauth.issued.map(({ token }) => `Bearer ${token}`));
    expect([new Set(holders).size, asked()]).toEqual([2, 2]);

    await as.revoke(alice);
    const before = api.requests.length;
    // Its answer is still kept, and its exchanged token still good: neither is anybody's any more.
    expect(codeOf(await cached(alice))).toBe("unauthenticated");
    expect(codeOf(await server.ask(alice, "tools/call", { name: "echo", arguments: { q: "x" } }))).toBe(
      "unauthenticated",
    );
    expect((await server.ask(alice, "tools/list")).status).toBe(401);
    expect(api.requests.length).toBe(before);

    expect(codeOf(await cached(bob))).toBe("ok");
    expect(asked()).toBe(2);

    // Back with another token she is asked for anew: what was kept was the old one's.
    const again = await tokenOf("alice");
    expect(codeOf(await cached(again))).toBe("ok");
    expect(asked()).toBe(3);
    expect(oauth.exchanged.at(-1)).toMatchObject({ subject: "alice", subjectToken: again });
    expect(oauth.exchanged).toHaveLength(3);

    const said = [server.log(), JSON.stringify(server.records())].join("\n");
    for (const secret of [alice, bob, again, ...oauth.issued.map(({ token }) => token)]) {
      expect(said).not.toContain(secret);
    }
    const atApi = JSON.stringify(api.requests);
    for (const token of [alice, bob, again]) expect(atApi).not.toContain(token);
  });

  it("a key of this server's own brings no token that could be exchanged, and asks the API nothing", async () => {
    const before = [api.requests.length, oauth.exchanged.length];
    expect(codeOf(await cached("machine"))).not.toBe("ok");
    expect([api.requests.length, oauth.exchanged.length]).toEqual(before);
  });
});
