import { memoryStore, StateError, type StateStore } from "@hardened-mcp/state";
import { describe, expect, test } from "vitest";
import { AuthConfigError } from "../../src/auth-config-error.ts";
import type { RevocationTarget } from "../../src/revocation/revocation.ts";
import {
  createRevocations,
  type RevocableToken,
  type Revocations,
  type RevocationsOptions,
} from "../../src/revocation/revocations.ts";

const ISSUER = "https://login.example";
const NOW = 1_800_000_000_500;
const NOW_S = 1_800_000_000;
const BECAUSE = { by: "operator@example", why: "laptop lost" };
const ALICE = { kind: "subject", issuer: ISSUER, subject: "alice" } as const;

function token(overrides: Partial<RevocableToken> = {}): RevocableToken {
  return { issuer: ISSUER, subject: "alice", client: "app", jti: "t-1", issuedAt: NOW_S - 60, ...overrides };
}

function start(store: StateStore = memoryStore(), options: RevocationsOptions = {}): Revocations {
  return createRevocations(store, { now: () => NOW, ...options });
}

async function isRevoked(revocations: Revocations, of: RevocableToken): Promise<boolean> {
  await revocations.refresh();
  return revocations.isRevoked(of);
}

/** A list on which `target` stands. */
async function revoked(target: RevocationTarget, options: RevocationsOptions = {}): Promise<Revocations> {
  const revocations = start(memoryStore(), options);
  await revocations.revoke({ target, ...BECAUSE });
  return revocations;
}

describe("a revocation of a token", () => {
  const target = { kind: "token", issuer: ISSUER, jti: "t-1" } as const;

  test.each<[name: string, of: RevocableToken, isRevoked: boolean]>([
    ["stops that token", token(), true],
    ["stops it whenever it says it was issued", token({ issuedAt: NOW_S + 3 }), true],
    ["stops it whoever it now says it is for", token({ subject: "bob", client: "other" }), true],
    ["leaves another token of the subject alone", token({ jti: "t-2" }), false],
    ["leaves the same id of another issuer alone", token({ issuer: "https://other.example" }), false],
    ["leaves an id in other letters alone", token({ jti: "T-1" }), false],
    ["leaves a token without an id alone", token({ jti: undefined }), false],
    ["leaves a subject of the same name alone", token({ subject: "t-1", jti: "t-2" }), false],
  ])("%s", async (_name, of, expected) => {
    expect(await isRevoked(await revoked(target), of)).toBe(expected);
  });
});

describe.each<[kind: string, target: RevocationTarget, other: Partial<RevocableToken>]>([
  ["subject", ALICE, { subject: "bob" }],
  ["client", { kind: "client", issuer: ISSUER, client: "app" }, { client: "other" }],
])("a revocation of a %s", (_kind, target, other) => {
  test.each<[name: string, of: RevocableToken, isRevoked: boolean]>([
    ["stops a token issued before", token(), true],
    ["stops a token issued years before", token({ issuedAt: 1 }), true],
    ["stops a token without an id", token({ jti: undefined }), true],
    ["stops a token of the same second, which may be older", token({ issuedAt: NOW_S }), true],
    ["stops a token of an issuer whose clock is ahead", token({ issuedAt: NOW_S + 30 }), true],
    ["stops a token that does not say when it was issued", token({ issuedAt: undefined }), true],
    ["stops a token issued at no time", token({ issuedAt: Number.NaN }), true],
    ["stops a token from the future", token({ issuedAt: NOW_S + 1_000_000 }), true],
    ["stops a token from the end of time", token({ issuedAt: Number.POSITIVE_INFINITY }), true],
    ["leaves all others alone", token(other), false],
    ["leaves others alone who do not say when they were issued", token({ ...other, issuedAt: undefined }), false],
    ["leaves the same name at another issuer alone", token({ issuer: "https://other.example" }), false],
  ])("%s", async (_name, of, expected) => {
    expect(await isRevoked(await revoked(target), of)).toBe(expected);
  });

  test("leaves a token alone that was issued afterwards", async () => {
    let time = NOW;
    const revocations = await revoked(target, { now: () => time });
    time += 31_000;
    expect(await isRevoked(revocations, token({ issuedAt: NOW_S + 31 }))).toBe(false);
  });
});

test("a token that names no client is not hit by the revocation of one", async () => {
  const revocations = await revoked({ kind: "client", issuer: ISSUER, client: "undefined" });
  expect(await isRevoked(revocations, token({ client: undefined }))).toBe(false);
});

describe("a revocation holds", () => {
  test("on the next call", async () => {
    const revocations = start();
    expect(await isRevoked(revocations, token())).toBe(false);
    await revocations.revoke({ target: ALICE, ...BECAUSE });
    expect(await isRevoked(revocations, token())).toBe(true);
  });

  test("on the next call to another replica", async () => {
    const store = memoryStore();
    const [here, there] = [start(store), start(store)];
    expect(await isRevoked(there, token())).toBe(false);
    await here.revoke({ target: ALICE, ...BECAUSE });
    expect(await isRevoked(there, token())).toBe(true);
  });

  test("after a restart", async () => {
    const store = memoryStore();
    await start(store).revoke({ target: ALICE, ...BECAUSE });
    expect(await isRevoked(start(store), token())).toBe(true);
  });

  test("on 20 replicas that each revoke another at once", async () => {
    const store = memoryStore();
    const replicas = Array.from({ length: 20 }, () => start(store));
    const subjects = replicas.map((_, i) => `subject-${i}`);
    await Promise.all(
      replicas.map((one, i) => one.revoke({ target: { ...ALICE, subject: subjects[i] ?? "" }, ...BECAUSE })),
    );
    for (const replica of replicas) {
      for (const subject of subjects) expect(await isRevoked(replica, token({ subject }))).toBe(true);
    }
  });

  test("longer than the longest token lives, and then is forgotten", async () => {
    let time = 0;
    const store = memoryStore({ now: () => time });
    const { at, until } = await start(store, { maxTokenLifeS: 3_600 }).revoke({ target: ALICE, ...BECAUSE });
    expect(until - at).toBe(3_690_000);
    time = 3_689_999;
    expect(await isRevoked(start(store), token())).toBe(true);
    time = 3_690_000;
    expect(await isRevoked(start(store), token())).toBe(false);
    expect((await store.list("set/revocations/entry/")).entries).toEqual([]);
  });

  test("as long as it first did, when another replica makes it again for a shorter time or by a slower clock", async () => {
    const store = memoryStore();
    const first = await start(store).revoke({ target: ALICE, ...BECAUSE, ttlMs: 30 * 86_400_000 });
    const slower = start(store, { now: () => NOW - 60_000 });
    expect(await slower.revoke({ target: ALICE, by: "another", why: "again" })).toEqual({
      ...first,
      by: "another",
      why: "again",
    });
    expect(await isRevoked(start(store), token({ issuedAt: NOW_S - 1 }))).toBe(true);
  });

  test("for what was issued since, when another replica makes it again later", async () => {
    let time = NOW;
    const store = memoryStore();
    const [here, there] = [start(store, { now: () => time }), start(store, { now: () => time })];
    await here.revoke({ target: ALICE, ...BECAUSE });
    time += 120_000;
    const since = token({ issuedAt: NOW_S + 60 });
    expect(await isRevoked(here, since)).toBe(false);
    await there.revoke({ target: ALICE, ...BECAUSE });
    expect(await isRevoked(here, since)).toBe(true);
  });
});

test("is listed with who, when and why", async () => {
  const revocations = await revoked(ALICE);
  expect(revocations.list()).toEqual([{ target: ALICE, ...BECAUSE, at: NOW, until: NOW + 86_490_000 }]);
});

describe("a name chosen to be mistaken for another", () => {
  const names = [
    "alice",
    'alice"',
    'a","b',
    "a,b",
    "client:alice",
    "subject",
    "alice\0",
    "alice\n",
    "ａlice",
    "%61lice",
  ];
  const more = ["__proto__", "constructor", "", " alice", "alice/../bob", "\ud800", "\ufffd", "é", "e\u0301"];
  const all = [...names, ...more];

  test.each(all.filter((name) => name !== ""))("%j hits itself and nobody else", async (subject) => {
    const revocations = await revoked({ kind: "subject", issuer: ISSUER, subject });
    const hit: string[] = [];
    for (const other of all) {
      if (await isRevoked(revocations, token({ subject: other, client: other, jti: other }))) hit.push(other);
    }
    expect(hit).toEqual([subject]);
  });

  test.each([
    [
      { issuer: 'https://a.example","b', subject: "c" },
      { issuer: "https://a.example", subject: 'b","c' },
    ],
    [
      { issuer: "https://a.example/x", subject: "y" },
      { issuer: "https://a.example", subject: "/xy" },
    ],
    [
      { issuer: "https://a.example,b", subject: "c" },
      { issuer: "https://a.example", subject: "b,c" },
    ],
    [
      { issuer: "https://a.example b", subject: "c" },
      { issuer: "https://a.example", subject: "b c" },
    ],
    [
      { issuer: "a", subject: "b\0c" },
      { issuer: "a\0b", subject: "c" },
    ],
  ])("%j is not %j", async (one, other) => {
    const revocations = await revoked({ kind: "subject", ...one });
    expect(await isRevoked(revocations, token(one))).toBe(true);
    expect(await isRevoked(revocations, token(other))).toBe(false);
  });
});

describe("what cannot be told is not let in", () => {
  test("before the list was ever read", () => {
    expect(() => start().isRevoked(token())).toThrow(
      expect.objectContaining({ name: "TokenError", code: "revocation-unknown", status: 503 }),
    );
  });

  test("when the store is away from the start", async () => {
    const store = away(memoryStore());
    const revocations = start(store);
    await expect(revocations.refresh()).rejects.toMatchObject({ code: "unavailable" });
    expect(() => revocations.isRevoked(token())).toThrow(expect.objectContaining({ code: "revocation-unknown" }));
  });

  test("and a store that goes away later leaves what was last known, with its age", async () => {
    const inner = memoryStore();
    const state = { isAway: false };
    const store = away(inner, state);
    const revocations = start(store);
    await revocations.revoke({ target: ALICE, ...BECAUSE });
    state.isAway = true;
    await expect(revocations.refresh()).rejects.toMatchObject({ code: "unavailable" });
    expect(revocations.isRevoked(token())).toBe(true);
    expect(revocations.isRevoked(token({ subject: "bob" }))).toBe(false);
    expect(revocations.ageMs()).toBeLessThan(60_000);
    await expect(revocations.revoke({ target: ALICE, ...BECAUSE })).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("refuses to revoke", () => {
  test.each<[name: string, request: object]>([
    ["without a subject", { target: { ...ALICE, subject: "" } }],
    ["without an issuer", { target: { ...ALICE, issuer: "" } }],
    ["a name that is no text", { target: { ...ALICE, subject: 7 } }],
    ["a subject too long to hold", { target: { ...ALICE, subject: "s".repeat(8_193) } }],
    ["what is no target", { target: { kind: "everyone", issuer: ISSUER, subject: "x" } }],
    ["without saying who", { by: "" }],
    ["without saying why", { why: "" }],
    ["for a reason too long to read", { why: "w".repeat(501) }],
    ["for less than a token lives", { ttlMs: 86_489_999 }],
    ["for no time", { ttlMs: Number.NaN }],
    ["for ever", { ttlMs: Number.POSITIVE_INFINITY }],
  ])("%s", async (_name, overrides) => {
    const revocations = start();
    await expect(revocations.revoke({ target: ALICE, ...BECAUSE, ...overrides })).rejects.toMatchObject({
      name: "StateError",
      code: "invalid",
    });
    expect(await isRevoked(revocations, token())).toBe(false);
  });

  test("more than it may hold, but never someone who stands on the list", async () => {
    const revocations = start(memoryStore(), { maxEntries: 3 });
    for (const subject of ["a", "b", "c"]) await revocations.revoke({ target: { ...ALICE, subject }, ...BECAUSE });
    await expect(revocations.revoke({ target: ALICE, ...BECAUSE })).rejects.toMatchObject({ code: "invalid" });
    await revocations.revoke({ target: { ...ALICE, subject: "a" }, ...BECAUSE });
    expect(revocations.list().length).toBe(3);
  });
});

describe("refuses to start with", () => {
  test.each<object>([
    { maxTokenLifeS: 0 },
    { maxTokenLifeS: 1e9 },
    { clockToleranceS: -1 },
    { maxEntries: 0 },
    { maxTokenLife: 3_600 },
  ])("%o", (options) => {
    expect(() => createRevocations(memoryStore(), options)).toThrow(AuthConfigError);
  });
});

/** A store whose driver finds nobody there. Of the interface only, so that nothing is read past it. */
function away(store: StateStore, state = { isAway: true }): StateStore {
  const unless = () => {
    if (state.isAway) throw new StateError("unavailable", "gone");
    return store;
  };
  return {
    get: async (...args) => await unless().get(...args),
    put: async (...args) => await unless().put(...args),
    putIfAbsent: async (...args) => await unless().putIfAbsent(...args),
    compareAndDelete: async (...args) => await unless().compareAndDelete(...args),
    increment: async (...args) => await unless().increment(...args),
    list: async (...args) => await unless().list(...args),
    delete: async (...args) => await unless().delete(...args),
    close: async () => await store.close(),
  };
}
