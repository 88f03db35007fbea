import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAuthorizationServer } from "../../../../test/support/authorization-server/index.ts";
import { advanceMonotonic } from "./support/clock.ts";
import { longCall } from "./support/long-call.ts";
import { notes } from "./support/notes.ts";
import { startProtected } from "./support/protected-server.ts";
import { bearer, send } from "./support/requests.ts";
import { REVISIONS } from "./support/user-client.ts";
import { type World, worldOf } from "./support/world.ts";

/** For how long an answer of the issuer's is believed. */
const CACHE_MS = 10_000;

let world: World;
const watching = longCall();
beforeAll(async () => {
  const as = await startAuthorizationServer();
  const { endpoint: _, ...introspection } = as.introspection;
  const server = await startProtected(as, {
    server: { tools: [...notes(), watching.tool] },
    issuer: { tokens: "opaque", introspection },
    resource: { format: "opaque" },
  });
  world = worldOf(as, server);
});
afterAll(() => world[Symbol.asyncDispose]());

const newToken = async () =>
  await world.as.userToken({ user: "alice", resource: world.server.resource, scope: "notes:read" });
const call = async (token: string) => await send(world.as, world.server.url, { headers: bearer(token) });
const questions = () => world.as.requests.filter((asked) => asked === "POST /token/introspection").length;

describe("an opaque token", () => {
  it.each(REVISIONS)("is good for a client of revision %s, with everything its issuer says of it", async (revision) => {
    const user = await world.client({ revision });
    await user.connect();
    expect((await user.client.callTool({ name: "whoami", arguments: {} })).structuredContent).toEqual({
      issuer: world.as.issuer,
      subject: "alice",
      client: "app",
      tenant: "acme",
      scopes: ["notes:read"],
      roles: ["editor"],
      assurance: "token",
    });
    expect(user.tokens()?.access_token.split(".")).toHaveLength(1);
  });

  it("costs its issuer one question, not one for every call", async () => {
    const token = await newToken();
    const before = questions();
    for (const { status } of await Promise.all(Array.from({ length: 10 }, () => call(token)))) expect(status).toBe(200);
    expect(questions()).toBe(before + 1);
  });

  it("is refused once its issuer has revoked it and the answer of before has grown old", async () => {
    const token = await newToken();
    expect((await call(token)).status).toBe(200);
    await world.as.revoke(token);
    advanceMonotonic(CACHE_MS);
    const refused = await call(token);
    expect([refused.status, refused.challenge]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
  });

  it("is refused at the very next call where no answer is believed twice", async () => {
    const as = await startAuthorizationServer();
    const { endpoint: _, ...introspection } = as.introspection;
    const server = await startProtected(as, {
      server: { tools: notes() },
      issuer: { tokens: "opaque", introspection: { ...introspection, cacheMs: 0 } },
      resource: { format: "opaque" },
    });
    await using strict = worldOf(as, server);
    const token = await as.userToken({ user: "alice", resource: server.resource, scope: "notes:read" });
    const once = async () => (await send(strict.as, server.url, { headers: bearer(token) })).status;
    expect(await once()).toBe(200);
    await as.revoke(token);
    expect(await once()).toBe(401);
  });

  it("takes an open stream along when its issuer revokes it", async () => {
    const user = await world.client();
    await user.connect();
    const open = await watching.start(user);
    await world.as.revoke(user.tokens()?.access_token ?? "");
    advanceMonotonic(CACHE_MS);
    await open.aborted;
    expect((await open.refused).message).toContain("The credential is no longer good");
  });

  it("that another server of this issuer was given is refused", async () => {
    const resource = "https://sibling.example/mcp";
    world.as.addResource(resource, { scopes: ["notes:read"], format: "opaque" });
    const token = await world.as.userToken({ user: "alice", resource, scope: "notes:read" });
    expect((await call(token)).status).toBe(401);
  });

  it("that never was is refused", async () => {
    expect((await call("never-was")).status).toBe(401);
  });
});
