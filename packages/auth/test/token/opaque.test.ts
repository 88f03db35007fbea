import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { createAuthenticator } from "../../src/index.ts";
import { goodClaims, newKey, now, token } from "../support/forge.ts";
import { type IdentityProvider, json, startIdentityProvider } from "../support/identity-provider.ts";
import { type ResourceServer, startResourceServer } from "../support/resource-server.ts";
import { passSeconds, stopClocks } from "../support/time.ts";
import { RESOURCE } from "../support/world.ts";

const key = newKey("ES256", "a-1");

let opaque: IdentityProvider;
let signing: IdentityProvider;
let server: ResourceServer;
/** What the issuer of opaque tokens was shown, and what it says of them. */
let shown: string[];
let answers: Map<string, object>;

beforeEach(async () => {
  stopClocks();
  shown = [];
  const ca = await createTestCa();
  [opaque, signing] = await Promise.all([startIdentityProvider(ca, []), startIdentityProvider(ca, [key])]);
  answers = new Map([["good", active()]]);
  opaque.routes.set(
    "/.well-known/oauth-authorization-server",
    json({ issuer: opaque.issuer, introspection_endpoint: `${opaque.issuer}/introspect` }),
  );
  opaque.routes.set("/introspect", async (request, response) => {
    const form = new URLSearchParams((await request.toArray()).join(""));
    const text = form.get("token") ?? "";
    shown.push(text);
    json(answers.get(text) ?? { active: false })(request, response);
  });
  const common = { ca: ca.cert, privateAddresses: "allow" } as const;
  const authenticator = createAuthenticator({
    resource: RESOURCE,
    issuers: [
      {
        issuer: opaque.issuer,
        tokens: "opaque",
        introspection: { clientId: "rs", clientSecret: () => "s" },
        ...common,
      },
      { issuer: signing.issuer, ...common },
    ],
  });
  server = await startResourceServer(authenticator);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await Promise.all([opaque[Symbol.asyncDispose](), signing[Symbol.asyncDispose]()]);
});

function active(changes: object = {}): object {
  return {
    active: true,
    sub: "bob",
    aud: RESOURCE,
    client_id: "cli",
    scope: "files:read",
    exp: now() + 300,
    ...changes,
  };
}

describe("an opaque token", () => {
  it("is good where its issuer says so, found by discovery", async () => {
    expect(await server.bearer("good")).toMatchObject({ status: 200, body: "bob" });
    expect(server.handled.at(-1)).toMatchObject({ issuer: opaque.issuer, subject: "bob", assurance: "token" });
  });

  it("keeps its principal while the answer is remembered", async () => {
    await server.bearer("good");
    await server.bearer("good");
    expect(server.handled[1]).toBe(server.handled[0]);
    expect(shown).toEqual(["good"]);
  });

  it("ends within half a minute of its issuer ending it, on open answers too", async () => {
    await server.bearer("good");
    answers.clear();
    passSeconds(30);
    expect(await server.admitted[0]?.stillGood()).toBe(false);
    expect(await server.bearer("good")).toMatchObject({ status: 401, reason: "inactive" });
  });

  it.each([
    ["is inactive", { active: false }, "inactive"],
    ["is for another server", active({ aud: "https://mail.example.com/mcp" }), "audience"],
    ["names no audience", active({ aud: undefined }), "audience"],
    ["names no subject", active({ sub: undefined }), "claims"],
    ["is another issuer's", active({ iss: "https://evil.example" }), "issuer"],
    ["lives for years", active({ exp: now() + 1e8 }), "lives-too-long"],
    ["is bound to a key", active({ cnf: { jkt: "a".repeat(43) } }), "binding-not-accepted"],
  ])("is refused where it %s", async (_, answer, reason) => {
    answers.set("other", answer);
    expect(await server.bearer("other")).toMatchObject({ status: 401, reason });
  });

  it("is refused with 503 while its issuer is away", async () => {
    opaque.routes.set("/introspect", (_, response) => response.writeHead(500).end());
    expect(await server.bearer("good")).toMatchObject({ status: 503, reason: "introspection-away" });
  });

  it("is not asked about for an address that failed too often, unless it is known", async () => {
    expect(await server.bearer("good", { knownOnly: true })).toMatchObject({ status: 429 });
    expect(shown).toEqual([]);
    await server.bearer("good");
    expect(await server.bearer("good", { knownOnly: true })).toMatchObject({ status: 200 });
  });

  it("that is known is asked about again for such an address, until its issuer ends it", async () => {
    answers.set("bad", { active: false });
    await server.bearer("good");
    passSeconds(61);
    expect(await server.bearer("bad", { knownOnly: true })).toMatchObject({ status: 429, reason: "not-known" });
    expect(await server.bearer("good", { knownOnly: true })).toMatchObject({ status: 200 });
    expect(shown).toEqual(["good", "good"]);
    answers.clear();
    for (let round = 0; round < 3; round++) {
      passSeconds(61);
      expect(await server.bearer("good", { knownOnly: true })).toMatchObject({ status: 401, reason: "inactive" });
    }
    // Once it was found out, guessing with it costs the issuer no question.
    expect(shown).toEqual(["good", "good", "good"]);
  });
});

describe("the issuer of opaque tokens", () => {
  it("is shown no token that may be another issuer's, good or bad, and no API key", async () => {
    const good = token(key, goodClaims(signing.issuer, RESOURCE));
    expect(await server.bearer(good)).toMatchObject({ status: 200 });
    await server.bearer(`${good.slice(0, -1)}!`);
    await server.bearer(good.slice(0, -2));
    await server.bearer(token(key, goodClaims(opaque.issuer, RESOURCE)));
    await server.bearer(`hmcp_ci_${"A".repeat(43)}`);
    expect(shown).toEqual([]);
  });
});
