import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { legacyCall } from "../support/http.ts";
import { bearer, send } from "./support/requests.ts";
import { REVISIONS } from "./support/user-client.ts";
import { startWorld, type World } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const scopesAsked = (authorizations: readonly URLSearchParams[]) =>
  authorizations.map((asked) => asked.get("scope")?.split(" ").sort());
const write = { name: "write_note", arguments: {} };

describe.each(REVISIONS)("a client of revision %s", (revision) => {
  it("gets the wider token that a call needs, and the same call works", async () => {
    const user = await world.client({ revision });
    await user.connect();
    const first = user.tokens()?.access_token;
    const before = world.recorded().length;
    const { structuredContent } = await user.attempt((client) => client.callTool(write));

    expect(structuredContent).toEqual({ by: "alice" });
    expect(scopesAsked(user.authorizations)).toEqual([["notes:read"], ["notes:read", "notes:write"]]);
    expect(user.tokens()?.access_token).not.toBe(first);
    expect(world.recorded().slice(before)).toMatchObject([
      { type: "call.refused", decision: { step: "authorize", code: "denied" }, actor: { subject: "alice" } },
      { type: "call.intent", actor: { subject: "alice" } },
      { type: "call.outcome", outcome: { code: "ok" } },
    ]);
  });

  it("steps up once: later calls need no browser", async () => {
    const user = await world.client({ revision });
    await user.connect();
    await user.attempt((client) => client.callTool(write));
    await user.client.callTool(write);
    await user.client.callTool({ name: "whoami", arguments: {} });
    expect(user.authorizations).toHaveLength(2);
  });

  it("stays refused when the person does not agree, and keeps what it had", async () => {
    const person = { user: "bob", decision: "approve" as "approve" | "refuse" };
    const user = await world.client({ revision, person });
    await user.connect();
    const before = world.recorded().length;
    person.decision = "refuse";
    for (let time = 0; time < 2; time++) {
      await expect(user.attempt((client) => client.callTool(write))).rejects.toThrow(/access_denied|said no/);
    }
    expect(
      world
        .recorded()
        .slice(before)
        .map(({ type }) => type),
    ).toEqual(["call.refused", "call.refused"]);
    expect((await user.client.callTool({ name: "whoami", arguments: {} })).structuredContent).toMatchObject({
      subject: "bob",
      scopes: ["notes:read"],
    });
  });

  it("is told of no tool whose scope is published nowhere, and hears of none when it guesses", async () => {
    const user = await world.client({ revision });
    await user.connect();
    const { tools } = await user.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["whoami", "write_note"]);
    const [hidden, absent] = await Promise.all(
      ["erase_tenant", "erase_tenent"].map(async (name) =>
        user.client.callTool({ name, arguments: {} }).then(
          () => "answered",
          (error: Error) => [error.name, error.message, (error as { code?: unknown }).code],
        ),
      ),
    );
    expect(hidden).toEqual([expect.any(String), expect.stringContaining("There is no such tool"), expect.any(Number)]);
    expect(hidden).toEqual(absent);
    expect(user.authorizations).toHaveLength(1);
  });
});

it("names what the call needs in one challenge, and where to ask for it", async () => {
  const { as, server } = world;
  const token = await as.userToken({ user: "alice", resource: server.resource, scope: "notes:read" });
  const refused = await send(as, server.url, { headers: bearer(token), body: legacyCall(1, "write_note", {}) });
  expect(refused.status).toBe(403);
  const metadata = server.resource.replace("/mcp", "/.well-known/oauth-protected-resource/mcp");
  expect(refused.challenge).toBe(
    'Bearer error="insufficient_scope", error_description="The access token lacks a scope that this needs", ' +
      `resource_metadata="${metadata}", scope="notes:write"`,
  );
});

it("calls a token that has ended expired, not short of a scope: 401 before 403", async () => {
  const { as, server } = world;
  const now = Math.floor(Date.now() / 1000);
  const token = await as.forge({
    iss: as.issuer,
    aud: server.resource,
    sub: "alice",
    client_id: "app",
    tenant: "acme",
    scope: "notes:read",
    jti: "old",
    iat: now - 600,
    exp: now - 300,
  });
  const refused = await send(as, server.url, { headers: bearer(token), body: legacyCall(1, "write_note", {}) });
  expect([refused.status, refused.challenge]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
});
