import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestCa } from "../../../test/support/certificates.ts";
import { createAuthenticator, localPrincipal, loopbackPrincipal, type Principal } from "../src/index.ts";
import { holdSubjectTokens, keepSubjectToken, subjectTokenOf } from "../src/subject-token/kept.ts";
import { goodClaims, now, token } from "./support/forge.ts";
import { json, startIdentityProvider } from "./support/identity-provider.ts";
import { startResourceServer } from "./support/resource-server.ts";
import { RESOURCE, startWorld, type World } from "./support/world.ts";

let world: World;
let held: Disposable;
beforeEach(async () => {
  world = await startWorld();
  held = holdSubjectTokens();
});
afterEach(async () => {
  held[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

const good = (changes: object = {}): string =>
  token(world.keys.a, { ...goodClaims(world.a.issuer, RESOURCE), ...changes });

async function principalOf(text: string, where = world): Promise<Principal> {
  expect(await where.server.bearer(text)).toMatchObject({ status: 200 });
  const last = where.server.handled.at(-1);
  if (last === undefined) throw new Error("nobody was let in");
  return last;
}

describe("the token of a principal", () => {
  it("is the one it came with, on the first request and on those that find it remembered", async () => {
    const text = good();
    for (let request = 0; request < 3; request++) expect(subjectTokenOf(await principalOf(text))).toBe(text);
  });

  it("is each its own for one subject with two tokens, whose principals are alike", async () => {
    const texts = [good(), good()];
    const principals = await Promise.all(texts.map((text) => principalOf(text)));
    expect(principals[0]).toEqual(principals[1]);
    const again: (string | undefined)[] = [];
    for (const text of [...texts, ...texts]) again.push(subjectTokenOf(await principalOf(text)));
    expect(again).toEqual([...texts, ...texts]);
  });

  it("is each its own in 200 requests at once that remember no results", async () => {
    const forgetful = await startWorld({ tokenCache: { maxEntries: 0 } });
    const claims = goodClaims(forgetful.a.issuer, RESOURCE);
    const texts = Array.from({ length: 100 }, (_, at) => token(forgetful.keys.a, { ...claims, jti: `${at}` }));
    await Promise.all([...texts, ...texts].map((text) => forgetful.server.bearer(text)));
    const kept = forgetful.server.handled.map(subjectTokenOf).sort();
    expect(kept).toEqual([...texts, ...texts].sort());
    await forgetful[Symbol.asyncDispose]();
  });

  it("is each its own where the issuer answers the same about two opaque tokens", async () => {
    const ca = await createTestCa();
    const opaque = await startIdentityProvider(ca, []);
    const answer = { active: true, sub: "bob", aud: RESOURCE, client_id: "cli", exp: now() + 300 };
    opaque.routes.set("/introspect", json(answer));
    const authenticator = createAuthenticator({
      resource: RESOURCE,
      issuers: [
        {
          issuer: opaque.issuer,
          tokens: "opaque",
          ca: ca.cert,
          privateAddresses: "allow",
          introspection: { endpoint: `${opaque.issuer}/introspect`, clientId: "rs", clientSecret: () => "s" },
        },
      ],
    });
    const server = await startResourceServer(authenticator);
    for (const text of ["first", "second", "first"]) await server.bearer(text);
    expect(server.handled.map(subjectTokenOf)).toEqual(["first", "second", "first"]);
    await server[Symbol.asyncDispose]();
    await opaque[Symbol.asyncDispose]();
  });

  it("is not there for an API key, a user of this machine, or a copy", async () => {
    const keyed = await principalOf(world.apiKey.key);
    const copied = { ...(await principalOf(good())) };
    const here = [localPrincipal({ scopes: [] }), loopbackPrincipal({ scopes: [] })];
    expect([keyed, copied, ...here].map(subjectTokenOf)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("is not kept of a token that is refused", async () => {
    const forged = `${good().slice(0, -8)}AAAAAAAA`;
    expect(await world.server.bearer(forged)).toMatchObject({ status: 401 });
    expect(world.server.handled).toEqual([]);
  });

  it("is nowhere in the principal", async () => {
    const text = good();
    const principal = await principalOf(text);
    const shown = inspect(principal, { showHidden: true, depth: 20, getters: true }) + JSON.stringify(principal);
    const keys = Reflect.ownKeys(principal).map(String);
    expect(shown).not.toContain(text.slice(-30));
    expect(keys.sort()).toEqual(["assurance", "client", "issuer", "roles", "scopes", "subject"]);
  });

  it("is not kept in a process where nobody exchanges tokens, also for what was remembered before", async () => {
    held[Symbol.dispose]();
    const text = good();
    expect(subjectTokenOf(await principalOf(text))).toBeUndefined();
    held = holdSubjectTokens();
    expect(subjectTokenOf(await principalOf(text))).toBe(text);
  });

  it("is never replaced by another: the request fails instead", async () => {
    const principal = await principalOf(good());
    expect(() => keepSubjectToken(principal, "another")).toThrow("one principal for two tokens");
  });

  it("goes with its principal", async () => {
    const { setFlagsFromString } = await import("node:v8");
    const { runInNewContext } = await import("node:vm");
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const principal = { issuer: "i", subject: "s", scopes: new Set<string>(), roles: [], assurance: "token" } as const;
    const gone = new WeakRef(Object.assign({}, principal));
    keepSubjectToken(gone.deref() as Principal, "token");
    for (let turn = 0; turn < 50 && gone.deref() !== undefined; turn++) {
      await new Promise(setImmediate);
      collect();
    }
    expect(gone.deref()).toBeUndefined();
  });
});
