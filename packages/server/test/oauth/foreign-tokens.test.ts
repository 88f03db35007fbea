import { decodeJwt, type JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  startAuthorizationServer,
  type TestAuthorizationServer,
} from "../../../../test/support/authorization-server/index.ts";
import { bearer, contentOf, send } from "./support/requests.ts";
import { startWorld, type World } from "./support/world.ts";

let world: World;
/** Another authorization server at `localhost`, whose key has the same name and whose users have the same names. */
let twin: TestAuthorizationServer;
let good: string;
beforeAll(async () => {
  [world, twin] = await Promise.all([startWorld(), startAuthorizationServer()]);
  good = await world.as.userToken({ user: "alice", resource: world.server.resource, scope: "notes:read" });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await twin.stop();
});

const SIBLING = "https://sibling.example/mcp";
/** The good token again, by the same issuer and key, but for these claims. */
const but = async (claims: JWTPayload, header?: Readonly<Record<string, unknown>>) =>
  await world.as.forge({ ...decodeJwt(good), ...claims }, header);
const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

const refused: readonly (readonly [name: string, why: string, make: () => Promise<string>])[] = [
  [
    "of a sibling resource",
    "audience",
    async () => {
      world.as.addResource(SIBLING, { scopes: ["notes:read"] });
      return await world.as.userToken({ user: "alice", resource: SIBLING, scope: "notes:read" });
    },
  ],
  ["whose audience only starts like this server", "audience", () => but({ aud: `${world.server.resource}/` })],
  ["that is an ID token", "type", () => but({ aud: "app", nonce: "n", auth_time: ago(1) }, { typ: "JWT" })],
  ["that is an ID token with this server's audience", "type", () => but({}, { typ: "JWT" })],
  [
    "of another issuer, for this very resource",
    "issuer",
    async () => {
      twin.addResource(world.server.resource, { scopes: ["notes:read"] });
      return await twin.userToken({ user: "alice", resource: world.server.resource, scope: "notes:read" });
    },
  ],
  ["of another issuer that gives our issuer's name", "signature", () => twin.forge(decodeJwt(good))],
  ["of our issuer's name with a slash", "issuer", () => but({ iss: `${world.as.issuer}/` })],
  ["of our issuer's name in capitals", "issuer", () => but({ iss: world.as.issuer.replace("localhost", "LOCALHOST") })],
  ["of our issuer at its address", "issuer", () => but({ iss: world.as.issuer.replace("localhost", "127.0.0.1") })],
  ["that has expired", "expired", () => but({ iat: ago(120), exp: ago(60) })],
  ["without a tenant", "claims", () => but({ tenant: undefined })],
];

describe("a token", () => {
  it("is taken as it was issued, and as its issuer would write it again", async () => {
    for (const token of [good, await but({})]) {
      const answer = await send(world.as, world.server.url, { headers: bearer(token) });
      expect(await contentOf(answer)).toMatchObject({ subject: "alice" });
    }
  });

  it.each(refused)("%s is refused with the challenge, and reaches no handler", async (_, why, make) => {
    const { as, server } = world;
    const token = await make();
    const before = server.sink.events.length;
    const answer = await send(as, server.url, { headers: bearer(token) });
    expect([answer.status, answer.challenge]).toEqual([
      401,
      expect.stringMatching(/^Bearer error="invalid_token", .*resource_metadata="https:.*", scope="notes:read"$/),
    ]);
    expect(server.sink.events.slice(before)).toMatchObject([{ type: "auth.failed", detail: { why } }]);
    expect(answer.text).not.toContain(why);
  });
});
