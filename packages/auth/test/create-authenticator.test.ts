import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Authenticated, createApiKey, createRevocations, type Revocations } from "../src/index.ts";
import { goodClaims, now, token } from "./support/forge.ts";
import { type FragileStore, fragileStore } from "./support/store.ts";
import { passSeconds, stopClocks } from "./support/time.ts";
import { RESOURCE, startWorld, type World } from "./support/world.ts";

const ending = createApiKey({
  id: "ending",
  subject: "ending",
  scopes: [],
  expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
});

let world: World;
let store: FragileStore;
let revocations: Revocations;
beforeEach(async () => {
  stopClocks();
  store = fragileStore();
  revocations = createRevocations(store);
  const { entry } = createApiKey({ id: "ci", subject: "ci", scopes: [] });
  world = await startWorld({ revocations, apiKeys: [entry, ending.entry] });
});
afterEach(async () => await world[Symbol.asyncDispose]());

const claims = (changes: object = {}) => ({ ...goodClaims(world.a.issuer, RESOURCE), ...changes });
const good = (changes: object = {}): string => token(world.keys.a, claims(changes));

async function admitted(text: string): Promise<Authenticated> {
  expect(await world.server.bearer(text)).toMatchObject({ status: 200 });
  const last = world.server.admitted.at(-1);
  if (last === undefined) throw new Error("nobody was let in");
  return last;
}

describe("a principal", () => {
  it("is what the token says, and holds neither the token nor anything else of it", async () => {
    const text = good({ email: "alice@example.com", roles: ["admin"] });
    const { principal } = await admitted(text);
    expect(principal).toEqual({
      issuer: world.a.issuer,
      subject: "alice",
      client: "cli",
      scopes: new Set(["files:read", "files:write"]),
      roles: [],
      assurance: "token",
    });
    expect(JSON.stringify([...Object.values(principal), ...principal.scopes])).not.toContain(text.slice(-20));
  });

  it("is the same object for the same token, and cannot be changed", async () => {
    const text = good();
    const { principal } = await admitted(text);
    expect((await admitted(text)).principal).toBe(principal);
    expect(Object.isFrozen(principal) && Object.isFrozen(principal.roles)).toBe(true);
    expect(() => (principal.scopes as Set<string>).add("admin")).toThrow(TypeError);
    expect((await admitted(text)).principal.scopes.has("admin")).toBe(false);
  });
});

describe("the end of a token", () => {
  it("counts although it is remembered, for open answers too", async () => {
    const text = good({ exp: now() + 20 });
    const open = await admitted(text);
    expect(await open.stillGood()).toBe(true);
    passSeconds(49);
    expect(await open.stillGood()).toBe(true);
    passSeconds(2);
    expect(await open.stillGood()).toBe(false);
    expect(await world.server.bearer(text)).toMatchObject({ status: 401, reason: "expired" });
    expect(open.expiresAt).toBeLessThanOrEqual(Date.now());
  });

  it("counts for API keys too", async () => {
    const open = await admitted(ending.key);
    passSeconds(3_601);
    expect(await open.stillGood()).toBe(false);
    expect(await world.server.bearer(ending.key)).toMatchObject({ status: 401, reason: "expired" });
  });
});

describe("revocation", () => {
  const by = { by: "operator", why: "test" };

  it("holds from the next call on, although the token is remembered, and ends open answers", async () => {
    const text = good({ jti: "one" });
    const open = await admitted(text);
    await revocations.revoke({ target: { kind: "token", issuer: world.a.issuer, jti: "one" }, ...by });
    expect(await world.server.bearer(text)).toMatchObject({ status: 401, reason: "revoked" });
    expect(await open.stillGood()).toBe(false);
    await admitted(good({ jti: "two" }));
  });

  it("of a subject is of that issuer's only", async () => {
    await revocations.revoke({ target: { kind: "subject", issuer: world.a.issuer, subject: "alice" }, ...by });
    expect(await world.server.bearer(good())).toMatchObject({ status: 401, reason: "revoked" });
    await admitted(token(world.keys.b, goodClaims(world.b.issuer, RESOURCE)));
  });

  it("of an API key goes by its id", async () => {
    await revocations.revoke({ target: { kind: "token", issuer: "key", jti: "ending" }, ...by });
    expect(await world.server.bearer(ending.key)).toMatchObject({ status: 401, reason: "revoked" });
  });

  it("goes by what was last known for five minutes while the store is away, and says so; then nobody is let in", async () => {
    await revocations.revoke({ target: { kind: "token", issuer: world.a.issuer, jti: "one" }, ...by });
    expect((await admitted(good())).degraded).toBe(false);
    store.isAway = true;
    passSeconds(299);
    const open = await admitted(good());
    expect(open.degraded).toBe(true);
    expect(await world.server.bearer(good({ jti: "one" }))).toMatchObject({ status: 401, reason: "revoked" });
    passSeconds(2);
    expect(await world.server.bearer(good())).toMatchObject({
      status: 503,
      reason: "revocation-unknown",
      challenges: [],
    });
    // What is open goes on for a minute after it was last known to be good; an outage is no revocation.
    expect(await open.stillGood()).toBe(true);
    passSeconds(58);
    expect(await open.stillGood()).toBe(false);
    store.isAway = false;
    expect(await open.stillGood()).toBe(true);
    expect((await admitted(good())).degraded).toBe(false);
  });

  it("lets nobody in where it was never known", async () => {
    store.isAway = true;
    expect(await world.server.bearer(good())).toMatchObject({ status: 503, reason: "revocation-unknown" });
  });
});

describe("for an address that failed too often", () => {
  it("only tokens that were verified before count, and no signature is checked", async () => {
    const [known, unknown] = [good(), good()];
    await admitted(known);
    expect(await world.server.bearer(known, { knownOnly: true })).toMatchObject({ status: 200 });
    expect(await world.server.bearer(unknown, { knownOnly: true })).toMatchObject({
      status: 429,
      reason: "not-known",
      challenges: [],
    });
  });

  describe("and a token that was good before the results were forgotten", () => {
    const CACHE_AGE_S = 61;
    const knownOnly = { knownOnly: true };
    const hour = () => ({ exp: now() + 3_600 });

    it("it is still let in, for as long as it lives", async () => {
      const [known, unknown] = [good(hour()), good(hour())];
      await admitted(known);
      for (let round = 0; round < 3; round++) {
        passSeconds(CACHE_AGE_S);
        expect(await world.server.bearer(`${unknown.slice(0, -4)}AAAA`, knownOnly)).toMatchObject({ status: 429 });
        expect(await world.server.bearer(unknown, knownOnly)).toMatchObject({ status: 429, reason: "not-known" });
        expect(await world.server.bearer(known, knownOnly)).toMatchObject({ status: 200, body: "alice" });
      }
    });

    it("its signature is checked anew", async () => {
      const known = good(hour());
      await admitted(known);
      world.a.keys = [world.keys.aRsa];
      // Until the issuer's keys are fetched again.
      passSeconds(601);
      expect(await world.server.bearer(known, knownOnly)).toMatchObject({ status: 401, reason: "unknown-key" });
    });

    it("it is told that it was revoked, or has expired", async () => {
      const [revoked, expired] = [good({ ...hour(), jti: "revoked" }), good({ exp: now() + 100 })];
      await admitted(revoked);
      await admitted(expired);
      await revocations.revoke({
        target: { kind: "token", issuer: world.a.issuer, jti: "revoked" },
        by: "o",
        why: "t",
      });
      passSeconds(131);
      expect(await world.server.bearer(revoked, knownOnly)).toMatchObject({ status: 401, reason: "revoked" });
      expect(await world.server.bearer(expired, knownOnly)).toMatchObject({ status: 401, reason: "expired" });
    });
  });

  it("API keys count, and guesses look like anything else that is not known", async () => {
    expect(await world.server.bearer(ending.key, { knownOnly: true })).toMatchObject({ status: 200 });
    const guess = `hmcp_ending_${"A".repeat(43)}`;
    expect(await world.server.bearer(guess, { knownOnly: true })).toMatchObject({ status: 429, reason: "not-known" });
  });

  it("who sends nothing is told how to begin", async () => {
    expect(await world.server.send({ knownOnly: true })).toMatchObject({ status: 401, reason: "missing" });
  });
});
