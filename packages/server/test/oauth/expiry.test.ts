import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HTTP_LIMITS } from "../../src/http/options.ts";
import { longCall } from "./support/long-call.ts";
import { notes } from "./support/notes.ts";
import { startProtected } from "./support/protected-server.ts";
import { bearer, send } from "./support/requests.ts";
import { REVISIONS } from "./support/user-client.ts";
import { startWorld, type World } from "./support/world.ts";

/** Of a token, in seconds: the shortest that leaves time to connect and to open a stream. */
const LIFE_S = 2;

let world: World;
const watching = longCall();
beforeAll(async () => {
  world = await startWorld({
    server: { tools: [...notes(), watching.tool] },
    auth: { clockToleranceS: 0 },
    resource: { ttlSeconds: LIFE_S },
  });
});
afterAll(() => world[Symbol.asyncDispose]());

describe("a token that ends while it is in use", () => {
  it.concurrent.each(REVISIONS)(
    "ends the open stream of a client of revision %s, which goes on with a refreshed one and asks nobody",
    async (revision) => {
      const user = await world.client({ revision, refreshing: true });
      await user.connect();
      const first = user.tokens()?.access_token;
      const open = await watching.start(user);
      expect((await open.refused).message).toContain("The credential has expired");
      await open.aborted;
      const answer = await user.client.callTool({ name: "whoami", arguments: {} });
      expect(answer.structuredContent).toMatchObject({ subject: "alice" });
      expect(user.tokens()?.access_token).not.toBe(first);
      expect(user.authorizations).toHaveLength(1);
    },
  );
});

it("is no sign of guessing: an office whose tokens expire goes on getting in with new ones", async () => {
  const { as, server } = world;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: as.issuer,
    aud: server.resource,
    client_id: "app",
    tenant: "acme",
    iat: now - 600,
    exp: now - 1,
  };
  for (let person = 0; person < 2 * HTTP_LIMITS.failuresPerMinutePerAddress; person++) {
    const expired = await as.forge({ ...claims, sub: `person-${person}`, jti: `${person}` });
    expect((await send(as, server.url, { headers: bearer(expired) })).status).toBe(401);
  }
  const fresh = await as.userToken({ user: "bob", resource: server.resource, scope: "notes:read" });
  expect((await send(as, server.url, { headers: bearer(fresh) })).status).toBe(200);
});

it("is guessing where the signature is not the issuer's, whatever the time says", async () => {
  const guessing = await startProtected(world.as, { http: { limits: { failuresPerMinutePerAddress: 3 } } });
  const token = await world.as.userToken({ user: "bob", resource: guessing.resource, scope: "notes:read" });
  const [header = "", , signature = ""] = token.split(".");
  const statuses: number[] = [];
  for (let guess = 0; guess < 5; guess++) {
    const claims = Buffer.from(JSON.stringify({ iss: world.as.issuer, exp: guess })).toString("base64url");
    const forged = `${header}.${claims}.${signature}`;
    statuses.push((await send(world.as, guessing.url, { headers: bearer(forged) })).status);
  }
  await guessing[Symbol.asyncDispose]();
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
});
