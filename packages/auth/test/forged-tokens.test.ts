import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compact, encode, goodClaims, hmacWith, newKey, now, publicJwk, signWith, token } from "./support/forge.ts";
import type { Sent } from "./support/resource-server.ts";
import { RESOURCE, startWorld, type World } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => await world[Symbol.asyncDispose]());

const attacker = newKey("ES256", "a-1");
const attackerJwk = publicJwk(attacker);

const bearer = (text: string): Sent => ({ headers: { authorization: `Bearer ${text}` } });
const claims = (w: World, changes: object = {}): Record<string, unknown> => ({
  ...goodClaims(w.a.issuer, RESOURCE),
  ...changes,
});
/** Rightly signed by issuer A, with other claims. */
const claiming = (changes: object) => (w: World) => bearer(token(w.keys.a, claims(w, changes)));
/** Rightly signed by issuer A, with another header. */
const headed = (header: object) => (w: World) => bearer(token(w.keys.a, claims(w), header));
/** Signed by the attacker's own key. */
const attackers = (header: object) => (w: World) => bearer(token(attacker, claims(w), header));
/** Rightly signed by issuer A, with claims as text; `{…}` of the good ones comes in at `$`. */
const written = (text: (good: string) => string) => (w: World) =>
  bearer(token(w.keys.a, text(JSON.stringify(claims(w)).slice(1, -1))));
const unsigned = (alg: string) => (w: World) =>
  bearer(
    compact({ header: { alg, typ: "at+jwt", kid: "a-1" }, claims: claims(w), signature: () => Buffer.from("none") }),
  );
const valid = (w: World): string => token(w.keys.a, claims(w));
const change = (edit: (header: string, claims: string, signature: string) => string) => (w: World) => {
  const [header = "", body = "", signature = ""] = valid(w).split(".");
  return bearer(edit(header, body, signature));
};

type Case = readonly [name: string, make: (w: World) => Sent, status: number, reason: string];

const FORGED: readonly Case[] = [
  // Signature algorithm
  ["alg none", unsigned("none"), 401, "algorithm"],
  ["alg None", unsigned("None"), 401, "algorithm"],
  ["alg NONE", unsigned("NONE"), 401, "algorithm"],
  ["alg nOnE", unsigned("nOnE"), 401, "algorithm"],
  [
    "alg none without a signature",
    (w) => bearer(`${encode({ alg: "none", typ: "at+jwt" })}.${encode(claims(w))}.`),
    401,
    "malformed",
  ],
  ["alg that is empty", unsigned(""), 401, "algorithm"],
  ["alg in lower case", headed({ alg: "es256" }), 401, "algorithm"],
  ["alg with a space behind it", headed({ alg: "ES256 " }), 401, "algorithm"],
  ["alg that is a list", headed({ alg: ["ES256"] }), 401, "algorithm"],
  ["alg missing", headed({ alg: undefined }), 401, "algorithm"],
  ["alg constructor", unsigned("constructor"), 401, "algorithm"],
  [
    "HS256 with the public key as PEM for a secret",
    (w) =>
      bearer(
        token(
          w.keys.aRsa,
          claims(w),
          { alg: "HS256" },
          hmacWith(w.keys.aRsa.publicKey.export({ type: "spki", format: "pem" })),
        ),
      ),
    401,
    "algorithm",
  ],
  [
    "HS256 with the public JWK for a secret",
    (w) => bearer(token(w.keys.a, claims(w), { alg: "HS256" }, hmacWith(JSON.stringify(publicJwk(w.keys.a))))),
    401,
    "algorithm",
  ],
  [
    "another algorithm than the key's",
    (w) => bearer(token(w.keys.aRsa, claims(w), { alg: "PS256" })),
    401,
    "unknown-key",
  ],
  [
    "another curve than the algorithm's",
    (w) => bearer(token(w.keys.a384, claims(w), { alg: "ES256" })),
    401,
    "unknown-key",
  ],
  ["RSA key for ES256", (w) => bearer(token(w.keys.a, claims(w), { kid: "a-rsa" })), 401, "unknown-key"],
  // A key of the sender's choice
  ["key embedded as jwk", attackers({ jwk: attackerJwk }), 401, "header-refused"],
  ["jwk next to a good signature", headed({ jwk: attackerJwk }), 401, "header-refused"],
  ["keys by jku", attackers({ jku: "https://evil.example/jwks" }), 401, "header-refused"],
  ["keys by x5u", attackers({ x5u: "https://evil.example/cert" }), 401, "header-refused"],
  ["certificate embedded as x5c", attackers({ x5c: ["MIIB"] }), 401, "header-refused"],
  ["the attacker's key under the right kid", attackers({}), 401, "signature"],
  ["kid as a path", attackers({ kid: "../../../../dev/null" }), 401, "unknown-key"],
  ["kid as SQL", attackers({ kid: "a-1' UNION SELECT 'x' --" }), 401, "unknown-key"],
  ["kid with a NUL behind it", attackers({ kid: "a-1\u0000" }), 401, "unknown-key"],
  ["kid as a URL", attackers({ kid: "https://evil.example/key" }), 401, "unknown-key"],
  [
    "kid __proto__",
    (w) =>
      bearer(
        compact({
          header: '{"alg":"ES256","typ":"at+jwt","kid":"__proto__"}',
          claims: claims(w),
          signature: signWith(attacker),
        }),
      ),
    401,
    "unknown-key",
  ],
  ["kid constructor", attackers({ kid: "constructor" }), 401, "unknown-key"],
  ["kid toString", attackers({ kid: "toString" }), 401, "unknown-key"],
  ["kid missing", headed({ kid: undefined }), 401, "header-refused"],
  ["kid that is a number", headed({ kid: 1 }), 401, "header-refused"],
  ["kid that is a list", headed({ kid: ["a-1"] }), 401, "header-refused"],
  ["kid of another case", headed({ kid: "A-1" }), 401, "unknown-key"],
  // Header
  ["typ missing, as in many ID tokens", headed({ typ: undefined }), 401, "type"],
  ["typ JWT", headed({ typ: "JWT" }), 401, "type"],
  ["typ of a logout token", headed({ typ: "logout+jwt" }), 401, "type"],
  ["typ of a DPoP proof", headed({ typ: "dpop+jwt" }), 401, "type"],
  ["typ with a parameter", headed({ typ: "at+jwt; x=1" }), 401, "type"],
  ["typ that is a list", headed({ typ: ["at+jwt"] }), 401, "type"],
  ["crit", headed({ crit: ["exp"], exp: 1 }), 401, "header-refused"],
  ["crit that is empty", headed({ crit: [] }), 401, "header-refused"],
  ["unencoded payload (b64 false)", headed({ b64: false, crit: ["b64"] }), 401, "header-refused"],
  ["zip", headed({ zip: "DEF" }), 401, "header-refused"],
  ["nested JWT by cty", (w) => bearer(token(w.keys.a, valid(w), { cty: "JWT" })), 401, "malformed"],
  [
    "duplicate header member",
    (w) =>
      bearer(
        compact({
          header: '{"alg":"none","typ":"at+jwt","kid":"a-1","alg":"ES256"}',
          claims: claims(w),
          signature: signWith(w.keys.a),
        }),
      ),
    401,
    "malformed",
  ],
  [
    "duplicate header member behind an escape",
    (w) =>
      bearer(
        compact({
          header: '{"alg":"ES256","typ":"at+jwt","kid":"a-1","\\u0061lg":"ES256"}',
          claims: claims(w),
          signature: signWith(w.keys.a),
        }),
      ),
    401,
    "malformed",
  ],
  [
    "header that is a list",
    (w) => bearer(compact({ header: "[]", claims: claims(w), signature: signWith(w.keys.a) })),
    401,
    "malformed",
  ],
  // Audience
  ["aud of another server", claiming({ aud: "https://mail.example.com/mcp" }), 401, "audience"],
  ["aud that is a prefix", claiming({ aud: "https://files.example.com" }), 401, "audience"],
  ["aud that only starts like ours", claiming({ aud: `${RESOURCE}/admin` }), 401, "audience"],
  [
    "aud that only starts like our host",
    claiming({ aud: "https://files.example.com.evil.example/mcp" }),
    401,
    "audience",
  ],
  ["aud with a trailing slash", claiming({ aud: `${RESOURCE}/` }), 401, "audience"],
  ["aud with another case", claiming({ aud: "https://FILES.example.com/mcp" }), 401, "audience"],
  ["aud with the port", claiming({ aud: "https://files.example.com:443/mcp" }), 401, "audience"],
  ["aud over http", claiming({ aud: "http://files.example.com/mcp" }), 401, "audience"],
  ["aud with a query", claiming({ aud: `${RESOURCE}?x` }), 401, "audience"],
  ["aud with a space before", claiming({ aud: ` ${RESOURCE}` }), 401, "audience"],
  ["aud as a list in a text", claiming({ aud: `mail ${RESOURCE}` }), 401, "audience"],
  ["aud missing", claiming({ aud: undefined }), 401, "audience"],
  ["aud empty", claiming({ aud: "" }), 401, "audience"],
  ["aud an empty list", claiming({ aud: [] }), 401, "audience"],
  ["aud null", claiming({ aud: null }), 401, "audience"],
  ["aud nested", claiming({ aud: [[RESOURCE]] }), 401, "audience"],
  ["aud with a number beside us", claiming({ aud: [RESOURCE, 1] }), 401, "audience"],
  ["aud with an empty text beside us", claiming({ aud: [RESOURCE, ""] }), 401, "audience"],
  ["aud an object", claiming({ aud: { 0: RESOURCE } }), 401, "audience"],
  ["aud an object with toString", claiming({ aud: { toString: RESOURCE } }), 401, "audience"],
  ["ID token: aud is the client", claiming({ aud: "cli", nonce: "n" }), 401, "audience"],
  // Issuer
  ["issuer A's claims by issuer B's key", (w) => bearer(token(w.keys.b, claims(w))), 401, "unknown-key"],
  [
    "issuer B's claims by issuer A's key",
    (w) => bearer(token(w.keys.a, claims(w, { iss: w.b.issuer }))),
    401,
    "unknown-key",
  ],
  [
    "issuer A's claims by issuer B's key under A's kid",
    (w) => bearer(token({ ...w.keys.b, kid: "a-1" }, claims(w))),
    401,
    "signature",
  ],
  ["iss of nobody we trust", claiming({ iss: "https://evil.example" }), 401, "issuer"],
  ["iss with a trailing slash", (w) => bearer(token(w.keys.a, claims(w, { iss: `${w.a.issuer}/` }))), 401, "issuer"],
  ["iss in upper case", (w) => bearer(token(w.keys.a, claims(w, { iss: w.a.issuer.toUpperCase() }))), 401, "issuer"],
  [
    "iss over http",
    (w) => bearer(token(w.keys.a, claims(w, { iss: w.a.issuer.replace("https", "http") }))),
    401,
    "issuer",
  ],
  [
    "iss with user name",
    (w) => bearer(token(w.keys.a, claims(w, { iss: w.a.issuer.replace("//", "//x@") }))),
    401,
    "issuer",
  ],
  ["iss a list", (w) => bearer(token(w.keys.a, claims(w, { iss: [w.a.issuer] }))), 401, "issuer"],
  ["iss null", claiming({ iss: null }), 401, "issuer"],
  ["iss missing", claiming({ iss: undefined }), 401, "issuer"],
  ["iss key, as of an API key", claiming({ iss: "key" }), 401, "issuer"],
  // Time
  ["expired", claiming({ exp: now() - 60, iat: now() - 120 }), 401, "expired"],
  ["expired and without the scope", claiming({ exp: now() - 60, iat: now() - 120, scope: "" }), 401, "expired"],
  ["exp missing", claiming({ exp: undefined }), 401, "claims"],
  ["exp null", claiming({ exp: null }), 401, "claims"],
  ["exp as text", claiming({ exp: String(now() + 300) }), 401, "claims"],
  ["exp a list", claiming({ exp: [now() + 300] }), 401, "claims"],
  ["exp 1e999", written((good) => `{${good.replace(/"exp":\d+/, '"exp":1e999')}}`), 401, "claims"],
  ["exp NaN", written((good) => `{${good.replace(/"exp":\d+/, '"exp":NaN')}}`), 401, "malformed"],
  ["exp Infinity", written((good) => `{${good.replace(/"exp":\d+/, '"exp":Infinity')}}`), 401, "malformed"],
  ["exp negative", claiming({ exp: -1 }), 401, "claims"],
  ["exp in milliseconds", claiming({ exp: (now() + 300) * 1000 }), 401, "lives-too-long"],
  ["exp in ten years", claiming({ exp: now() + 315_360_000 }), 401, "lives-too-long"],
  ["exp beyond every date", claiming({ exp: 1e15 }), 401, "claims"],
  ["nbf in the future", claiming({ nbf: now() + 120 }), 401, "not-yet-valid"],
  ["nbf as text", claiming({ nbf: "0" }), 401, "claims"],
  ["iat in the future", claiming({ iat: now() + 120 }), 401, "not-yet-valid"],
  ["iat missing", claiming({ iat: undefined }), 401, "claims"],
  ["iat as text", claiming({ iat: "now" }), 401, "claims"],
  // Other claims
  ["sub missing", claiming({ sub: undefined }), 401, "claims"],
  ["sub empty", claiming({ sub: "" }), 401, "claims"],
  ["sub a number", claiming({ sub: 0 }), 401, "claims"],
  ["sub an object", claiming({ sub: { toString: "alice" } }), 401, "claims"],
  [
    "sub with half a surrogate pair",
    written((good) => `{${good.replace('"alice"', '"alice\\ud800"')}}`),
    401,
    "claims",
  ],
  ["sub endless", claiming({ sub: "a".repeat(2_000) }), 401, "claims"],
  [
    "sub in __proto__",
    written((good) => `{${good.replace('"sub":"alice"', '"__proto__":{"sub":"alice"}')}}`),
    401,
    "claims",
  ],
  ["jti missing", claiming({ jti: undefined }), 401, "claims"],
  ["client_id missing", claiming({ client_id: undefined }), 401, "claims"],
  ["client_id a list", claiming({ client_id: ["cli"] }), 401, "claims"],
  ["scope a list", claiming({ scope: ["files:read"] }), 401, "claims"],
  ["scope with two spaces", claiming({ scope: "files:read  admin" }), 401, "claims"],
  ["scope with a line break", claiming({ scope: "files:read\nadmin" }), 401, "claims"],
  ["bound to a DPoP key where DPoP is off", claiming({ cnf: { jkt: "a".repeat(43) } }), 401, "binding-not-accepted"],
  [
    "bound to a certificate where that is off",
    claiming({ cnf: { "x5t#S256": "a".repeat(43) } }),
    401,
    "binding-not-accepted",
  ],
  ["bound in an unknown way", claiming({ cnf: { jwk: attackerJwk } }), 401, "binding-not-accepted"],
  ["bound to nothing", claiming({ cnf: {} }), 401, "binding-not-accepted"],
  ["cnf as text", claiming({ cnf: "x" }), 401, "claims"],
  ["duplicate sub", written((good) => `{${good},"sub":"admin"}`), 401, "malformed"],
  ["duplicate scope behind an escape", written((good) => `{${good},"\\u0073cope":"admin"}`), 401, "malformed"],
  ["duplicate member deep inside", written((good) => `{${good},"x":[{"y":1,"y":2}]}`), 401, "malformed"],
  ["claims that are a list", (w) => bearer(token(w.keys.a, "[]")), 401, "malformed"],
  ["claims that are null", (w) => bearer(token(w.keys.a, "null")), 401, "malformed"],
  ["claims with a byte order mark", written((good) => `\ufeff{${good}}`), 401, "malformed"],
  ["claims with more after them", written((good) => `{${good}}{}`), 401, "malformed"],
  // Form of the token
  [
    "claims of another token",
    (w) => bearer(`${valid(w).split(".")[0]}.${encode(claims(w, { sub: "admin" }))}.${valid(w).split(".")[2]}`),
    401,
    "signature",
  ],
  ["signature of zeros", change((h, c) => `${h}.${c}.${Buffer.alloc(64).toString("base64url")}`), 401, "signature"],
  ["signature too short", change((h, c, s) => `${h}.${c}.${s.slice(0, 40)}`), 401, "signature"],
  [
    "signature in DER",
    (w) => bearer(token(w.keys.a, claims(w), {}, () => Buffer.concat([Buffer.from([0x30, 0x44]), Buffer.alloc(68)]))),
    401,
    "signature",
  ],
  ["signature empty", change((h, c) => `${h}.${c}.`), 401, "malformed"],
  ["no signature", change((h, c) => `${h}.${c}`), 401, "malformed"],
  ["four parts", change((h, c, s) => `${h}.${c}.${s}.${s}`), 401, "malformed"],
  ["five parts (JWE)", change((h, c, s) => `${h}.${c}.${s}.${c}.${s}`), 401, "malformed"],
  ["dots only", () => bearer(".."), 401, "malformed"],
  ["no JWT at all", () => bearer("secret"), 401, "malformed"],
  ["padding", (w) => bearer(`${valid(w)}=`), 401, "malformed"],
  ["ordinary base64 in a part", change((h, c, s) => `${h}+/.${c}.${s}`), 401, "malformed"],
  ["larger than the limit", (w) => bearer(token(w.keys.a, claims(w, { x: "a".repeat(8_000) }))), 401, "too-large"],
  [
    "thousands of nested lists",
    written((good) => `{${good},"x":${"[".repeat(2_000)}${"]".repeat(2_000)},"sub":"admin"}`),
    401,
    "malformed",
  ],
  // Where the credential is
  ["no credential", () => ({}), 401, "missing"],
  ["token in the query", (w) => ({ path: `/mcp?access_token=${valid(w)}` }), 400, "token-in-query"],
  ["token in the query behind an escape", (w) => ({ path: `/mcp?%61ccess_token=${valid(w)}` }), 400, "token-in-query"],
  [
    "token in the query and the header",
    (w) => ({ ...bearer(valid(w)), path: `/mcp?access_token=${valid(w)}` }),
    400,
    "token-in-query",
  ],
  [
    "token in the body",
    (w) => ({ body: `access_token=${valid(w)}`, headers: { "content-type": "application/x-www-form-urlencoded" } }),
    401,
    "missing",
  ],
  ["token in a cookie", (w) => ({ headers: { cookie: `access_token=${valid(w)}` } }), 401, "missing"],
  [
    "token in Proxy-Authorization",
    (w) => ({ headers: { "proxy-authorization": `Bearer ${valid(w)}` } }),
    401,
    "missing",
  ],
  [
    "two Authorization headers",
    (w) => ({ headers: { authorization: [`Bearer ${valid(w)}`, `Bearer ${valid(w)}`] } as never }),
    400,
    "two-credentials",
  ],
  [
    "good token behind a bad one",
    (w) => ({ headers: { authorization: ["Bearer x", `Bearer ${valid(w)}`] } as never }),
    400,
    "two-credentials",
  ],
  ["two tokens joined by a comma", (w) => bearer(`${valid(w)}, Bearer ${valid(w)}`), 400, "malformed-header"],
  ["two tokens joined by a space", (w) => bearer(`${valid(w)} ${valid(w)}`), 400, "malformed-header"],
  ["token in quotes", (w) => bearer(`"${valid(w)}"`), 400, "malformed-header"],
  ["tab before the token", (w) => ({ headers: { authorization: `Bearer\t${valid(w)}` } }), 401, "scheme"],
  ["scheme without a token", () => ({ headers: { authorization: "Bearer" } }), 400, "malformed-header"],
  ["token without a scheme", (w) => ({ headers: { authorization: valid(w) } }), 401, "scheme"],
  ["Basic", () => ({ headers: { authorization: "Basic YWxpY2U6c2VjcmV0" } }), 401, "scheme"],
  [
    "scheme that only starts like Bearer",
    (w) => ({ headers: { authorization: `BearerX ${valid(w)}` } }),
    401,
    "scheme",
  ],
  ["DPoP where it is off", (w) => ({ headers: { authorization: `DPoP ${valid(w)}` } }), 401, "scheme"],
  // API keys
  ["API key with a wrong secret", () => bearer(`hmcp_ci_${"A".repeat(43)}`), 401, "api-key"],
  ["API key of nobody", (w) => bearer(w.apiKey.key.replace("_ci_", "_cj_")), 401, "api-key"],
  ["API key with the digest for a secret", (w) => bearer(`hmcp_ci_${w.apiKey.entry.hash.slice(7)}`), 401, "api-key"],
  ["API key cut short", (w) => bearer(w.apiKey.key.slice(0, -1)), 401, "api-key"],
  ["API key with more behind it", (w) => bearer(`${w.apiKey.key}A`), 401, "api-key"],
  ["API key named __proto__", () => bearer(`hmcp___proto___${"A".repeat(43)}`), 401, "api-key"],
  ["API key without an id", () => bearer(`hmcp_${"A".repeat(43)}`), 401, "api-key"],
];

const GOOD: readonly (readonly [name: string, make: (w: World) => Sent, subject: string])[] = [
  ["a token of issuer A", (w) => bearer(valid(w)), "alice"],
  ["a token of issuer B", (w) => bearer(token(w.keys.b, claims(w, { iss: w.b.issuer }))), "alice"],
  ["an RS256 token", (w) => bearer(token(w.keys.aRsa, claims(w))), "alice"],
  ["an ES384 token", (w) => bearer(token(w.keys.a384, claims(w))), "alice"],
  ["an Ed25519 token", (w) => bearer(token(w.keys.aEd, claims(w))), "alice"],
  ["the long media type, in another case", headed({ typ: "Application/AT+JWT" }), "alice"],
  ["aud as a list with others", claiming({ aud: ["https://mail.example.com/mcp", RESOURCE] }), "alice"],
  ["azp instead of client_id", claiming({ client_id: undefined, azp: "cli" }), "alice"],
  ["a scheme in lower case", (w) => ({ headers: { authorization: `bearer ${valid(w)}` } }), "alice"],
  ["two spaces after the scheme", (w) => ({ headers: { authorization: `Bearer  ${valid(w)}` } }), "alice"],
  ["an unknown header member", headed({ x5t: "abc" }), "alice"],
  ["a clock that is a little ahead", claiming({ iat: now() + 15, nbf: now() + 15 }), "alice"],
  ["a token that ended a moment ago", claiming({ exp: now() - 10, iat: now() - 100 }), "alice"],
  ["no scope at all", claiming({ scope: undefined }), "alice"],
  ["an API key", (w) => bearer(w.apiKey.key), "ci"],
  ["another query", (w) => ({ ...bearer(valid(w)), path: "/mcp?x=access_token" }), "alice"],
  ["colons and quotes in claims", claiming({ x: 'a":"b\\', y: { ":": ":" } }), "alice"],
];

describe("lets in", () => {
  it.each(GOOD)("%s", async (_, make, subject) => {
    expect(await world.server.send(make(world))).toMatchObject({ status: 200, body: subject });
  });
});

const ERRORS: Readonly<Record<number, string>> = { 400: "invalid_request", 401: "invalid_token" };
const ANONYMOUS = ["missing", "scheme"];

describe("refuses", () => {
  it.each(FORGED)("%s", async (_, make, status, reason) => {
    const before = world.server.handled.length;
    const sent = make(world);
    const answer = await world.server.send(sent);
    expect(answer).toMatchObject({ status, reason });
    expect(world.server.handled).toHaveLength(before);

    // Neither the answer nor the record holds anything of the credential.
    const secret = `${sent.path ?? ""}${sent.headers?.["authorization"] ?? ""}`.slice(-24);
    if (secret.length === 24) expect(JSON.stringify(answer)).not.toContain(secret);

    const [challenge = "", ...more] = answer.challenges;
    expect(more).toEqual([]);
    const error = ANONYMOUS.includes(reason) ? undefined : ERRORS[status];
    expect(challenge).toMatch(
      error === undefined ? /^Bearer resource_metadata=/ : new RegExp(`^Bearer error="${error}", `),
    );
    expect(challenge).toContain(
      'resource_metadata="https://files.example.com/.well-known/oauth-protected-resource/mcp"',
    );
    expect(challenge).toContain('scope="files:read"');
  });

  it("in more than 160 ways, each under its own name", () => {
    expect(FORGED.length).toBeGreaterThan(160);
    expect(new Set(FORGED.map(([name]) => name)).size).toBe(FORGED.length);
  });
});
