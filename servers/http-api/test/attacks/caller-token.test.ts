import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
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
  wholeText,
} from "../support/upstreams/index.ts";
import { CLI } from "./support/attacked.ts";

const RESOURCE = "https://localhost/mcp";

describe("a caller's token", () => {
  const folder = mkdtempSync(join(tmpdir(), "hardened-api-"));
  let as: TestAuthorizationServer;
  let oauth: OAuthServer;
  let api: ReferenceApi;
  let server: SecureServer;
  const tokens: Record<string, string> = {};
  beforeAll(async () => {
    as = await startAuthorizationServer({ resources: { [RESOURCE]: { scopes: ["http:read"] } } });
    oauth = await oauthServer({ verifySubject: async (token) => String(decodeJwt(token).sub) });
    api = await referenceApi({
      admits: ({ headers }) => oauth.issued.some(({ token }) => headers["authorization"] === `Bearer ${token}`),
    });
    for (const user of ["alice", "bob"]) {
      tokens[user] = await as.userToken({ resource: RESOURCE, scope: "http:read", user });
    }
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
      return join(folder, name);
    };
    server = await startSecure({
      cli: CLI,
      folder,
      audit: join(folder, "audit"),
      callers: { machine: { scopes: ["http:read"] } },
      config: {
        auth: {
          resource: RESOURCE,
          issuers: [{ issuer: as.issuer, caFile: file("ca.pem", as.ca), privateAddresses: "allow" }],
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

  const call = (user: string, name: string, args: object) =>
    server.ask(tokens[user], "tools/call", { name, arguments: args });

  it("is exchanged for one of the API's, once for each caller", async () => {
    for (const user of ["alice", "bob", "alice", "bob"]) {
      expect(codeOf(await call(user, "echo", { q: user }))).toBe("ok");
    }
    expect(oauth.exchanged.map(({ subject, subjectToken }) => [subject, subjectToken])).toEqual([
      ["alice", tokens["alice"]],
      ["bob", tokens["bob"]],
    ]);
    const shown = api.requests.map(({ headers }) => headers["authorization"]);
    expect(shown).toEqual([0, 1, 0, 1].map((at) => `Bearer ${oauth.issued[at]?.token}`));
  });

  it("brings nobody the answer that was kept for another", async () => {
    for (const kind of ["fresh", "public", "private"]) {
      const served = async (user: string) =>
        JSON.stringify((await call(user, "cached", { kind })).message.result?.["structuredContent"]);
      const [first, again, other] = [await served("alice"), await served("alice"), await served("bob")];
      expect(again).toBe(first);
      expect(other).toContain('"served":2');
      expect(api.count(`/v1/cache/${kind}`)).toBe(2);
    }
  });

  it("is nowhere but here and at the authorization server, and neither is our secret or what we got for it", () => {
    const atApi = api.requests.map(wholeText).join("\n");
    const said = [server.log(), JSON.stringify(server.records())].join("\n");
    for (const token of Object.values(tokens)) {
      expect(atApi).not.toContain(token);
      expect(said).not.toContain(token);
    }
    expect(atApi).not.toContain(OAUTH_CLIENT.secret);
    for (const secret of [OAUTH_CLIENT.secret, ...oauth.issued.map(({ token }) => token)])
      expect(said).not.toContain(secret);
  });
});
