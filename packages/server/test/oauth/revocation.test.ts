import { randomBytes, randomUUID } from "node:crypto";
import { createRevocations, type RevocationTarget } from "@hardened-mcp/auth";
import { memoryStore, openState, type StateStore } from "@hardened-mcp/state";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedis } from "../../../state/test/support/redis.ts";
import type { TestServer } from "../../../state/test/support/test-server.ts";
import { type LongCall, longCall } from "./support/long-call.ts";
import { notes } from "./support/notes.ts";
import type { ProtectedServer } from "./support/protected-server.ts";
import { bearer, send } from "./support/requests.ts";
import { REVISIONS } from "./support/user-client.ts";
import { startWorld, type World } from "./support/world.ts";

let redis: TestServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** How the replicas and the operator of one deployment reach what they share. */
const STATES: readonly (readonly [name: string, deployment: () => () => Promise<StateStore>])[] = [
  [
    "a store in this process",
    () => {
      const store = memoryStore();
      return async () => store;
    },
  ],
  [
    "Redis",
    () => {
      const settings = { namespace: randomUUID(), macKeys: [randomBytes(32)] };
      return async () => await openState(redis.url, settings);
    },
  ],
];

interface Deployment extends AsyncDisposable {
  readonly world: World;
  readonly replica: ProtectedServer;
  readonly watching: LongCall;
  revoke(target: RevocationTarget): Promise<unknown>;
  issue(user: string): Promise<string>;
  /** What each of the two replicas answers to a token. */
  statuses(token: string): Promise<readonly number[]>;
}

async function deploy(connect: () => Promise<StateStore>): Promise<Deployment> {
  const stores: StateStore[] = [];
  const open = async () => {
    const store = await connect();
    stores.push(store);
    return createRevocations(store);
  };
  const watching = longCall();
  const world = await startWorld({
    server: { tools: [...notes(), watching.tool] },
    auth: { revocations: await open() },
  });
  const replica = await world.replica({ auth: { revocations: await open() } });
  const operator = await open();
  const { resource } = world.server;
  return {
    world,
    replica,
    watching,
    revoke: async (target) => await operator.revoke({ target, by: "operator", why: "test" }),
    issue: async (user) => await world.as.userToken({ user, resource, scope: "notes:read" }),
    statuses: async (token) =>
      await Promise.all(
        [world.server, replica].map(async ({ url }) => (await send(world.as, url, { headers: bearer(token) })).status),
      ),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      for (const store of stores) await store.close();
    },
  };
}

describe.each(STATES)("revocation over %s", (_, deployment) => {
  it("of one token holds at the next call on both replicas, and leaves the subject's other tokens alone", async () => {
    await using deployed = await deploy(deployment());
    const { world, issue, revoke, statuses } = deployed;
    const [lost, other] = [await issue("alice"), await issue("alice")];
    expect([await statuses(lost), await statuses(other)]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    await revoke({ kind: "token", issuer: world.as.issuer, jti: String(decodeJwt(lost).jti) });
    expect([await statuses(lost), await statuses(other)]).toEqual([
      [401, 401],
      [200, 200],
    ]);
  });

  it("of a subject holds for all that was issued until now, and for nobody else", async () => {
    await using deployed = await deploy(deployment());
    const { world, issue, revoke, statuses } = deployed;
    const [alice, again, bob] = [await issue("alice"), await issue("alice"), await issue("bob")];
    await statuses(alice);
    await revoke({ kind: "subject", issuer: world.as.issuer, subject: "alice" });
    expect([await statuses(alice), await statuses(again), await statuses(bob)]).toEqual([
      [401, 401],
      [401, 401],
      [200, 200],
    ]);
  });

  it("of a name at another issuer holds for nobody here", async () => {
    await using deployed = await deploy(deployment());
    const { issue, revoke, statuses } = deployed;
    const bob = await issue("bob");
    await revoke({ kind: "subject", issuer: "https://elsewhere.example", subject: "bob" });
    expect(await statuses(bob)).toEqual([200, 200]);
  });

  it.concurrent.each(REVISIONS)(
    "ends the open stream of a client of revision %s within about a second",
    async (revision) => {
      await using deployed = await deploy(deployment());
      const { world, watching, revoke } = deployed;
      const user = await world.client({ revision, person: { user: "bob" } });
      await user.connect();
      const open = await watching.start(user);
      const { jti } = decodeJwt(user.tokens()?.access_token ?? "");
      const revokedAt = performance.now();
      await revoke({ kind: "token", issuer: world.as.issuer, jti: String(jti) });
      const [told] = await Promise.all([open.refused, open.aborted]);
      expect(performance.now() - revokedAt).toBeLessThan(2_500);
      expect(told.message).toContain("The credential is no longer good");
      const received = open.received();
      await world.server.sink.until((event) => event.type === "call.outcome" && event.outcome.code === "cancelled");
      expect(open.received()).toBe(received);
    },
  );

  it("of a client holds for everybody it acts for, and not for another client of the same person", async () => {
    await using deployed = await deploy(deployment());
    const { world, issue, revoke, statuses } = deployed;
    const elsewhere = await world.client({ person: { user: "bob" }, registering: "dynamic" });
    await elsewhere.connect();
    const [alice, bob, other] = [await issue("alice"), await issue("bob"), elsewhere.tokens()?.access_token ?? ""];
    await revoke({ kind: "client", issuer: world.as.issuer, client: "app" });
    expect([await statuses(alice), await statuses(bob), await statuses(other)]).toEqual([
      [401, 401],
      [401, 401],
      [200, 200],
    ]);
  });

  it.each(REVISIONS)(
    "is told to a client of revision %s, which asks its person for another token",
    async (revision) => {
      await using deployed = await deploy(deployment());
      const { world, revoke } = deployed;
      const user = await world.client({ revision });
      await user.connect();
      const { jti } = decodeJwt(user.tokens()?.access_token ?? "");
      await revoke({ kind: "token", issuer: world.as.issuer, jti: String(jti) });
      const { structuredContent } = await user.attempt((client) => client.callTool({ name: "whoami", arguments: {} }));
      expect(structuredContent).toMatchObject({ subject: "alice" });
      expect(user.authorizations).toHaveLength(2);
      expect(world.recorded().filter(({ type }) => type === "auth.failed")).toMatchObject([
        { detail: { why: "missing" } },
        { detail: { why: "revoked" } },
      ]);
    },
  );
});
