import { randomBytes } from "node:crypto";
import { memoryStore, openState, type StateStore } from "@hardened-mcp/state";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDpopKey, type DpopKey, dpopProof } from "../../../../test/support/authorization-server/index.ts";
import { startRedis } from "../../../state/test/support/redis.ts";
import type { TestServer } from "../../../state/test/support/test-server.ts";
import type { ProtectedServer } from "./support/protected-server.ts";
import { bearer, contentOf, send } from "./support/requests.ts";
import { REVISIONS } from "./support/user-client.ts";
import { startWorld, type World } from "./support/world.ts";

let redis: TestServer;
const opened: StateStore[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  for (const store of opened) await store.close();
  await redis.stop();
});

const macKeys = [randomBytes(32)];
const connect = async () => await openState(redis.url, { namespace: "dpop-test", macKeys });

/** What each of two replicas has as its state. */
const STATES: readonly (readonly [name: string, stores: () => Promise<readonly [StateStore, StateStore]>])[] = [
  [
    "a store in this process",
    async () => {
      const store = memoryStore();
      return [store, store];
    },
  ],
  ["Redis", async () => [await connect(), await connect()]],
];

describe.each(STATES)("DPoP required, over %s", (_, stores) => {
  let world: World;
  let replica: ProtectedServer;
  let key: DpopKey;
  let token: string;
  beforeAll(async () => {
    const [here, there] = await stores();
    opened.push(here, there);
    world = await startWorld({ auth: { dpop: "required", state: here } });
    replica = await world.replica({ auth: { dpop: "required", state: there } });
    key = await createDpopKey();
    const { resource } = world.server;
    token = await world.as.userToken({ user: "alice", resource, scope: "notes:read", dpopKey: key });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const proof = async (by: DpopKey, more: Partial<Parameters<typeof dpopProof>[1]> = {}) =>
    await dpopProof(by, { method: "POST", url: world.server.resource, accessToken: token, ...more });
  const bound = (dpop?: string) => ({
    authorization: `DPoP ${token}`,
    ...(dpop === undefined ? {} : { dpop }),
  });

  it.each(REVISIONS)("serves a client of revision %s that proves its key anew on every call", async (revision) => {
    const user = await world.client({ revision, dpop: true });
    await user.connect();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => user.client.callTool({ name: "whoami", arguments: {} })),
    );
    for (const { structuredContent } of answers) {
      expect(structuredContent).toMatchObject({ subject: "alice", assurance: "bound-token" });
    }
    expect(user.authorizations).toHaveLength(1);
  });

  it("serves a client whose calls land on either replica", async () => {
    let at = 0;
    const balanced: typeof fetch = (input, init) => {
      const asked = new Request(input, init);
      const to = asked.url === world.server.resource && at++ % 2 === 1 ? replica.url : asked.url;
      return world.as.fetch(new Request(to, asked));
    };
    const user = await world.client({ dpop: true, transport: { fetch: balanced } });
    await user.connect();
    const before = replica.sink.of("call.outcome").length;
    for (let call = 0; call < 4; call++) await user.client.callTool({ name: "whoami", arguments: {} });
    expect(replica.sink.of("call.outcome")).toHaveLength(before + 2);
  });

  const stolen: readonly (readonly [string, () => Promise<Record<string, string>>])[] = [
    ["as a bearer token", async () => bearer(token)],
    ["as a bearer token, with its proof", async () => ({ ...bearer(token), dpop: await proof(key) })],
    ["without a proof", async () => bound()],
    ["with a proof by another key", async () => bound(await proof(await createDpopKey()))],
    ["with a proof for another server", async () => bound(await proof(key, { url: "https://other.example/mcp" }))],
    ["with a proof for another method", async () => bound(await proof(key, { method: "GET" }))],
    ["with a proof for another token", async () => bound(await proof(key, { accessToken: "another" }))],
    [
      "with a proof that is old",
      async () => bound(await proof(key, { claims: { iat: Math.floor(Date.now() / 1000) - 300 } })),
    ],
  ];

  it.each(stolen)("refuses a stolen token %s", async (_how, make) => {
    const { as, server } = world;
    const before = server.sink.events.length;
    const answer = await send(as, server.url, { headers: await make() });
    expect([answer.status, answer.challenge]).toEqual([401, expect.stringMatching(/^DPoP error="invalid_\w+", /)]);
    expect(server.sink.events.slice(before).map(({ type }) => type)).toEqual(["auth.failed"]);
  });

  it("refuses a token that is bound to nothing", async () => {
    const { as, server } = world;
    const unbound = await as.userToken({ user: "alice", resource: server.resource, scope: "notes:read" });
    expect((await send(as, server.url, { headers: bearer(unbound) })).status).toBe(401);
  });

  it("takes a proof once, and refuses it on the same replica and on the other", async () => {
    const headers = bound(await proof(key));
    const first = await send(world.as, world.server.url, { headers });
    expect(await contentOf(first)).toMatchObject({ subject: "alice" });
    for (const { url } of [world.server, replica]) {
      const again = await send(world.as, url, { headers });
      expect([again.status, again.challenge]).toEqual([401, expect.stringContaining("was used before")]);
    }
  });

  it("takes one of two that come to both replicas at once with the same proof", async () => {
    const headers = bound(await proof(key));
    const both = await Promise.all(
      [world.server, replica].map(async ({ url }) => (await send(world.as, url, { headers })).status),
    );
    expect(both.sort()).toEqual([200, 401]);
  });

  it("refuses what was recorded of a real client's traffic", async () => {
    const recorded: Request[] = [];
    const tapped: typeof fetch = (input, init) => {
      const asked = new Request(input, init);
      if (asked.url === world.server.resource && asked.headers.has("dpop")) recorded.push(asked.clone());
      return world.as.fetch(asked);
    };
    const user = await world.client({ dpop: true, transport: { fetch: tapped } });
    await user.connect();
    await user.client.callTool({ name: "whoami", arguments: {} });
    expect(recorded.length).toBeGreaterThan(0);
    for (const request of recorded) {
      for (const { url } of [world.server, replica]) {
        const again = await world.as.fetch(new Request(url, request.clone()));
        expect(again.status).toBe(401);
        await again.body?.cancel();
      }
    }
  });
});
