import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Authenticated, createAuthenticator, createRevocations, type Revocations } from "../../src/index.ts";
import { type ResourceServer, startResourceServer } from "../support/resource-server.ts";
import { fragileStore } from "../support/store.ts";
import { passSeconds, stopClocks } from "../support/time.ts";
import { RESOURCE } from "../support/world.ts";
import { type Endpoint, json, startEndpoint } from "./endpoint.ts";

const ISSUER = "https://login.example";

let endpoint: Endpoint;
let server: ResourceServer;
let revocations: Revocations;
let store: ReturnType<typeof fragileStore>;
/** What the endpoint does instead of answering; gets the token. */
let trouble: ((response: ServerResponse, token: string) => void | Promise<void>) | undefined;
let ended: Set<string>;
let endsAt: number;

beforeEach(async () => {
  stopClocks();
  trouble = undefined;
  ended = new Set();
  endsAt = Math.floor(Date.now() / 1000) + 600;
  endpoint = await startEndpoint(async (form, response) => {
    const token = form.get("token") ?? "";
    await trouble?.(response, token);
    if (response.headersSent || response.destroyed) return;
    const isActive = !token.startsWith("junk") && !ended.has(token);
    json(
      response,
      isActive ? { active: true, sub: token, aud: RESOURCE, client_id: "cli", exp: endsAt } : { active: false },
    );
  });
  store = fragileStore();
  revocations = createRevocations(store);
  const introspection = { endpoint: endpoint.url.href, clientId: "rs", clientSecret: "s", cacheMs: 0 };
  const authenticator = createAuthenticator({
    resource: RESOURCE,
    issuers: [{ issuer: ISSUER, tokens: "opaque", introspection, ca: endpoint.ca, privateAddresses: "allow" }],
    revocations,
  });
  server = await startResourceServer(authenticator);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await endpoint[Symbol.asyncDispose]();
  vi.useRealTimers();
});

async function openStream(token = "alice"): Promise<Authenticated> {
  expect(await server.bearer(token)).toMatchObject({ status: 200 });
  const last = server.admitted.at(-1);
  if (last === undefined) throw new Error("nobody was let in");
  return last;
}

const unavailable = (response: ServerResponse) => void response.writeHead(503).end();

describe("an open stream, while its issuer", () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ["is away", unavailable],
    ["hangs up", (response) => void response.destroy()],
    ["has had enough of us", (response) => void response.writeHead(429).end()],
    ["answers nonsense", (response) => json(response, { active: "yes" })],
  ])("%s, goes on for a minute after it was last known to be good, and no longer", async (_, how) => {
    const stream = await openStream();
    passSeconds(500);
    expect(await stream.stillGood()).toBe(true);
    trouble = how;
    passSeconds(59);
    expect(await stream.stillGood()).toBe(true);
    // Asking does not extend it.
    expect(await stream.stillGood()).toBe(true);
    passSeconds(1);
    expect(await stream.stillGood()).toBe(false);
    // And nobody new is let in meanwhile.
    expect(await server.bearer("alice")).toMatchObject({ status: 503 });
  });

  it("answers once more, is good as before", async () => {
    const stream = await openStream();
    for (let round = 0; round < 3; round++) {
      trouble = unavailable;
      passSeconds(50);
      expect(await stream.stillGood()).toBe(true);
      trouble = undefined;
      expect(await stream.stillGood()).toBe(true);
    }
  });

  it("is away, ends at once where it is revoked here", async () => {
    const stream = await openStream();
    trouble = unavailable;
    await revocations.revoke({ target: { kind: "subject", issuer: ISSUER, subject: "alice" }, by: "o", why: "t" });
    expect(await stream.stillGood()).toBe(false);
  });

  it("is away, ends at once where the token expires", async () => {
    endsAt = Math.floor(Date.now() / 1000) + 10;
    const stream = await openStream();
    trouble = unavailable;
    passSeconds(39);
    expect(await stream.stillGood()).toBe(true);
    passSeconds(2);
    expect(await stream.stillGood()).toBe(false);
  });
});

describe("an open stream ends at once", () => {
  it("where its issuer says so, and does not come back with an outage", async () => {
    const stream = await openStream();
    ended.add("alice");
    expect(await stream.stillGood()).toBe(false);
    trouble = unavailable;
    expect(await stream.stillGood()).toBe(false);
  });

  it("where its issuer says so while the store is away", async () => {
    const stream = await openStream();
    store.isAway = true;
    passSeconds(400);
    ended.add("alice");
    expect(await stream.stillGood()).toBe(false);
  });
});

it("a flood of made-up tokens neither ends open streams nor keeps their users out", async () => {
  const held = Promise.withResolvers<void>();
  const streams = [
    { user: "alice", stream: await openStream("alice") },
    { user: "bob", stream: await openStream("bob") },
  ];
  let waiting = 0;
  const isFull = Promise.withResolvers<void>();
  trouble = async (_, token) => {
    if (!token.startsWith("junk")) return;
    if (++waiting === 24) isFull.resolve();
    await held.promise;
  };
  const flood = Array.from({ length: 100 }, (_, at) => server.bearer(`junk-${at}`));
  await isFull.promise;
  expect(await server.bearer("stranger")).toMatchObject({ status: 503, reason: "introspection-busy" });
  passSeconds(120);
  for (const { user, stream } of streams) {
    expect(await stream.stillGood()).toBe(true);
    expect(await server.bearer(user)).toMatchObject({ status: 200, body: user });
  }
  held.resolve();
  const outcomes = (await Promise.all(flood)).map(({ status }) => status);
  expect([outcomes.filter((status) => status === 401).length, outcomes.includes(200)]).toEqual([24, false]);
});
