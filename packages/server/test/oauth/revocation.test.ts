import { randomBytes } from "node:crypto";
import { createRevocations, type RevocationTarget } from "@hardened-mcp/auth";
import { memoryStore, openState, type StateStore } from "@hardened-mcp/state";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedis } from "../../../state/test/support/redis.ts";
import type { TestServer } from "../../../state/test/support/test-server.ts";
import { longCall } from "./support/long-call.ts";
import { notes } from "./support/notes.ts";
import type { ProtectedServer } from "./support/protected-server.ts";
import { bearer, send } from "./support/requests.ts";
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

/** Three connections each time: one for each replica, one for the operator. */
const STATES: readonly (readonly [name: string, connect: () => Promise<StateStore>])[] = [
  [
    "a store in this process",
    (
      (store) => async () =>
        store
    )(memoryStore()),
  ],
  ["Redis", () => openState(redis.url, { namespace: "revocation-test", macKeys })],
];

describe.each(STATES)("revocation over %s", (_, connect) => {
  let world: World;
  let replica: ProtectedServer;
  let revoke: (target: RevocationTarget) => Promise<unknown>;
  const open = async () => {
    const store = await connect();
    opened.push(store);
    return createRevocations(store);
  };
  beforeAll(async () => {
    world = await startWorld({ auth: { revocations: await open() } });
    replica = await world.replica({ auth: { revocations: await open() } });
    const operator = await open();
    revoke = async (target) => await operator.revoke({ target, by: "operator", why: "test" });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const issue = async (user: string) =>
    await world.as.userToken({ user, resource: world.server.resource, scope: "notes:read" });
  const machine = async () =>
    await world.as.clientCredentialsToken({
      resource: world.server.resource,
      scope: "notes:read",
    });
  /** What each replica answers to the token. */
  const statuses = async (token: string) =>
    await Promise.all(
      [world.server, replica].map(async ({ url }) => (await send(world.as, url, { headers: bearer(token) })).status),
    );

  it("of one token holds at the next call on both replicas, and leaves the subject's other tokens alone", async () => {
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
});
