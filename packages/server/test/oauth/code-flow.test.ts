import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  startAuthorizationServer,
  type TestAuthorizationServer,
} from "../../../../test/support/authorization-server/index.ts";
import { type ProtectedServer, startProtected } from "./support/protected-server.ts";
import { bearer, send } from "./support/requests.ts";
import { createUserClient } from "./support/user-client.ts";

let as: TestAuthorizationServer;
let server: ProtectedServer;
beforeAll(async () => {
  as = await startAuthorizationServer();
  server = await startProtected(as, { server: { stepUp: [] } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await as.stop();
});

describe.each(["2026-07-28", "2025-11-25"] as const)(
  "a client of revision %s that knows nothing but the URL",
  (revision) => {
    it.each(["app", "dynamic"] as const)(
      "finds its way to a token for this server alone, as client %s",
      async (registering) => {
        const user = await createUserClient({
          url: server.url,
          authorizationServer: as,
          person: { user: "alice" },
          revision,
          registering,
        });
        await user.connect();
        const { structuredContent } = await user.client.callTool({ name: "whoami", arguments: {} });
        const token = decodeJwt(user.tokens()?.access_token ?? "");
        await user.close();

        const [asked] = user.authorizations;
        expect(user.authorizations).toHaveLength(1);
        expect(Object.fromEntries(asked ?? [])).toMatchObject({
          resource: server.resource,
          code_challenge_method: "S256",
          code_challenge: expect.stringMatching(/^[\w-]{43}$/),
          scope: "notes:read",
        });
        expect(token.aud).toBe(server.resource);
        expect(structuredContent).toEqual({
          issuer: as.issuer,
          subject: "alice",
          client: token["client_id"],
          tenant: "acme",
          scopes: ["notes:read"],
          roles: ["editor"],
          assurance: "token",
        });
      },
    );

    it("sees the tools of its scope, and no other", async () => {
      const user = await createUserClient({
        url: server.url,
        authorizationServer: as,
        person: { user: "bob" },
        revision,
      });
      await user.connect();
      const { tools } = await user.client.listTools();
      await user.close();
      expect(tools.map(({ name }) => name)).toEqual(["whoami"]);
    });
  },
);

it("puts on record who called: subject, issuer, client and tenant, as the token says", async () => {
  const user = await createUserClient({ url: server.url, authorizationServer: as, person: { user: "bob" } });
  const before = server.sink.events.length;
  await user.connect();
  await user.client.callTool({ name: "whoami", arguments: {} });
  await user.close();
  const actor = { issuer: as.issuer, subject: "bob", client: "app", tenant: "globex" };
  const mine = server.sink.events.slice(before);
  expect(mine.filter(({ type }) => type === "call.intent" || type === "call.outcome")).toMatchObject([
    { type: "call.intent", tool: { name: "whoami" }, actor },
    { type: "call.outcome", tool: { name: "whoami" }, outcome: { code: "ok" }, actor },
  ]);
});

it("publishes the metadata that its challenge points to (RFC 9728)", async () => {
  const refused = await send(as, server.url);
  expect(refused.status).toBe(401);
  const [, metadata = ""] = refused.challenge?.match(/^Bearer .*resource_metadata="([^"]+)"/) ?? [];
  expect(await (await as.fetch(metadata)).json()).toEqual({
    resource: server.resource,
    authorization_servers: [as.issuer],
    scopes_supported: ["notes:read"],
    bearer_methods_supported: ["header"],
  });
  expect(refused.challenge).toContain('scope="notes:read"');
});

it("asks a token's audience for exactly this server, and not for its address in another spelling", async () => {
  const alias = server.resource.replace("localhost", "127.0.0.1");
  as.addResource(alias, { scopes: ["notes:read"] });
  const token = await as.userToken({ user: "alice", resource: alias, scope: "notes:read" });
  expect((await send(as, server.url, { headers: bearer(token) })).status).toBe(401);
});
