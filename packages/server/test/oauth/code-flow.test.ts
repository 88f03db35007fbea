import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, send } from "./support/requests.ts";
import { REVISIONS } from "./support/user-client.ts";
import { startWorld, type World } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ server: { stepUp: [] } });
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each(REVISIONS)("a client of revision %s that knows nothing but the URL", (revision) => {
  it.each(["app", "dynamic"] as const)(
    "finds its way to a token for this server alone, as client %s",
    async (registering) => {
      const user = await world.client({ revision, registering });
      await user.connect();
      const { structuredContent } = await user.client.callTool({ name: "whoami", arguments: {} });
      const token = decodeJwt(user.tokens()?.access_token ?? "");

      expect(user.authorizations).toHaveLength(1);
      expect(Object.fromEntries(user.authorizations[0] ?? [])).toMatchObject({
        resource: world.server.resource,
        code_challenge_method: "S256",
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        scope: "notes:read",
      });
      expect(token.aud).toBe(world.server.resource);
      expect(structuredContent).toEqual({
        issuer: world.as.issuer,
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
    const user = await world.client({ revision, person: { user: "bob" } });
    await user.connect();
    const { tools } = await user.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["whoami"]);
  });

  it("is put on record as who the token says: issuer, subject, client and tenant", async () => {
    const user = await world.client({ revision, person: { user: "bob" } });
    await user.connect();
    const before = world.recorded().length;
    await user.client.callTool({ name: "whoami", arguments: {} });
    const actor = { issuer: world.as.issuer, subject: "bob", client: "app", tenant: "globex" };
    expect(world.recorded().slice(before)).toMatchObject([
      { type: "call.intent", tool: { name: "whoami" }, actor },
      { type: "call.outcome", tool: { name: "whoami" }, outcome: { code: "ok" }, actor },
    ]);
  });
});

it("publishes the metadata that its challenge points to (RFC 9728)", async () => {
  const refused = await send(world.as, world.server.url);
  expect(refused.status).toBe(401);
  const [, metadata = ""] = refused.challenge?.match(/^Bearer .*resource_metadata="([^"]+)"/) ?? [];
  expect(await (await world.as.fetch(metadata)).json()).toEqual({
    resource: world.server.resource,
    authorization_servers: [world.as.issuer],
    scopes_supported: ["notes:read"],
    bearer_methods_supported: ["header"],
  });
  expect(refused.challenge).toContain('scope="notes:read"');
});

it("asks a token's audience for exactly this server, and not for its address in another spelling", async () => {
  const alias = world.server.resource.replace("localhost", "127.0.0.1");
  world.as.addResource(alias, { scopes: ["notes:read"] });
  const token = await world.as.userToken({ user: "alice", resource: alias, scope: "notes:read" });
  expect((await send(world.as, world.server.url, { headers: bearer(token) })).status).toBe(401);
});
