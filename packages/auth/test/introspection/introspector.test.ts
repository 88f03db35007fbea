import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AuthConfigError } from "../../src/auth-config-error.ts";
import type { TokenErrorCode } from "../../src/token-error.ts";
import { CLIENT, json, startEndpoint } from "./endpoint.ts";

const TOKEN = "opaque-token-of-alice";
const ACTIVE = { active: true, sub: "alice", scope: "notes:read" };

describe("an active token", () => {
  test("is what the endpoint says of it", async () => {
    await using endpoint = await startEndpoint((_form, response) => json(response, ACTIVE));
    expect(await endpoint.introspector().introspect(TOKEN)).toEqual(ACTIVE);
  });

  test("is asked about as RFC 7662 says, by a client that proves who it is", async () => {
    await using endpoint = await startEndpoint((_form, response) => json(response, ACTIVE));
    await endpoint.introspector().introspect("a token&with=signs");
    const [question] = endpoint.questions;
    expect(question?.method).toBe("POST");
    expect(Object.fromEntries(question?.form ?? [])).toEqual({
      token: "a token&with=signs",
      token_type_hint: "access_token",
    });
    expect(question?.headers).toMatchObject({
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    });
    const [scheme, credentials = ""] = question?.headers.authorization?.split(" ") ?? [];
    const [id, secret, ...more] = Buffer.from(credentials, "base64").toString().split(":");
    expect(scheme).toBe("Basic");
    expect(more).toEqual([]);
    // Form-encoded by hand, after RFC 6749, appendix B.
    expect([id, secret]).toEqual(["mcp+server%3A1", "s3cret%3A%2B+%25%C3%BC"]);
  });

  test("is asked about with the secret as it is then", async () => {
    const secrets = ["old", "new"];
    await using endpoint = await startEndpoint((_form, response) => json(response, ACTIVE));
    const introspector = endpoint.introspector({ clientId: "c", clientSecret: () => secrets.shift() ?? "" });
    await introspector.introspect("one");
    await introspector.introspect("two");
    const sent = endpoint.questions.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(["c:old", "c:new"].map((pair) => `Basic ${Buffer.from(pair).toString("base64")}`));
  });

  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON"])(
    "may come as %s",
    async (type) => {
      await using endpoint = await startEndpoint((_form, response) => {
        response.setHeader("content-type", type).end(JSON.stringify(ACTIVE));
      });
      expect(await endpoint.introspector().introspect(TOKEN)).toEqual(ACTIVE);
    },
  );

  test("cannot be made another by who receives the answer", async () => {
    await using endpoint = await startEndpoint((_form, response) => json(response, ACTIVE));
    const introspector = endpoint.introspector();
    const answer = await introspector.introspect(TOKEN);
    expect(() => Object.assign(answer ?? {}, { sub: "root" })).toThrow(TypeError);
    expect(await introspector.introspect(TOKEN)).toEqual(ACTIVE);
  });
});

describe("a token is not active when", () => {
  test.each([
    ["the endpoint says so", { active: false }],
    ["the endpoint says so next to a subject", { ...ACTIVE, active: false }],
    ["it has expired, whatever the endpoint says", { ...ACTIVE, exp: Math.floor(Date.now() / 1000) - 1 }],
  ])("%s", async (_name, answer) => {
    await using endpoint = await startEndpoint((_form, response) => json(response, answer));
    expect(await endpoint.introspector().introspect(TOKEN)).toBeUndefined();
  });
});

const text =
  (body: string, type = "application/json") =>
  (response: ServerResponse) => {
    response.setHeader("content-type", type).end(body);
  };
const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) => {
    response.writeHead(code, { "content-type": "application/json", ...headers }).end(JSON.stringify(ACTIVE));
  };

const BAD: [name: string, code: TokenErrorCode, answer: (response: ServerResponse) => void][] = [
  ["active is text", "introspection-answer", text('{"active":"true"}')],
  ["active is 1", "introspection-answer", text('{"active":1}')],
  ["active is null", "introspection-answer", text('{"active":null}')],
  ["active is a list", "introspection-answer", text('{"active":[true]}')],
  ["active is missing", "introspection-answer", text('{"sub":"alice"}')],
  ["active is written otherwise", "introspection-answer", text('{"Active":true}')],
  ["active is inherited", "introspection-answer", text('{"__proto__":{"active":true}}')],
  ["active is there twice", "introspection-answer", text('{"active":false,"active":true}')],
  ["active is there twice, once escaped", "introspection-answer", text('{"active":false,"\\u0061ctive":true}')],
  ["the subject is there twice", "introspection-answer", text('{"active":true,"sub":"alice","sub":"root"}')],
  ["the answer is true", "introspection-answer", text("true")],
  ["the answer is a list", "introspection-answer", text('[{"active":true}]')],
  ["the answer is null", "introspection-answer", text("null")],
  ["the answer is empty", "introspection-answer", text("")],
  ["the answer is cut short", "introspection-answer", text('{"active":true')],
  ["two answers follow each other", "introspection-answer", text('{"active":true}{"active":true}')],
  ["exp is text", "introspection-answer", text('{"active":true,"exp":"9999999999"}')],
  ["the answer is HTML", "introspection-answer", text('{"active":true}', "text/html")],
  ["the answer is signed", "introspection-answer", text('{"active":true}', "application/token-introspection+jwt")],
  ["the type only starts like JSON", "introspection-answer", text('{"active":true}', "application/json-seq")],
  ["the answer has no type", "introspection-answer", (response) => response.end('{"active":true}')],
  ["it does not know us", "introspection-answer", status(401)],
  ["it forbids us to ask", "introspection-answer", status(403)],
  ["it made something", "introspection-answer", status(201)],
  ["it gives part of an answer", "introspection-answer", status(206)],
  ["it sends us elsewhere", "introspection-away", status(307, { location: "https://localhost:1/" })],
  ["it fails", "introspection-away", status(500)],
  ["it is being repaired", "introspection-away", status(503)],
  ["it has had enough of us", "introspection-away", status(429)],
  ["the answer is too large", "introspection-away", text(JSON.stringify({ ...ACTIVE, padding: "p".repeat(8_192) }))],
  [
    "the answer is not UTF-8",
    "introspection-away",
    (response) => {
      response.setHeader("content-type", "application/json").end(Buffer.from([0x7b, 0xff, 0x7d]));
    },
  ],
  ["it hangs up", "introspection-away", (response) => response.destroy()],
];

describe("whether a token is good is not known, and it is not let in, when", () => {
  test.each(BAD)("%s", async (_name, code, answer) => {
    await using endpoint = await startEndpoint((_form, response) => answer(response));
    const introspector = endpoint.introspector();
    await expect(introspector.introspect(TOKEN)).rejects.toMatchObject({ name: "TokenError", code, status: 503 });
    // Nor is it remembered as anything: the next question is asked anew.
    await expect(introspector.introspect(TOKEN)).rejects.toMatchObject({ code });
    expect(endpoint.questions.length).toBe(2);
  });

  test("nobody is there", async () => {
    const endpoint = await startEndpoint((_form, response) => json(response, ACTIVE));
    const introspector = endpoint.introspector();
    await endpoint[Symbol.asyncDispose]();
    await expect(introspector.introspect(TOKEN)).rejects.toMatchObject({ code: "introspection-away", status: 503 });
  });

  test("its certificate is by an authority we do not know", async () => {
    await using endpoint = await startEndpoint((_form, response) => json(response, ACTIVE));
    await using impostor = await startEndpoint((_form, response) => json(response, ACTIVE));
    const introspector = endpoint.introspector({ endpoint: impostor.url });
    await expect(introspector.introspect(TOKEN)).rejects.toMatchObject({ code: "introspection-away" });
    expect(impostor.questions).toEqual([]);
  });
});

test("errors hold neither the token nor the secret, even if what failed quotes them", async () => {
  await using endpoint = await startEndpoint((_form, response) => json(response, "no"));
  const quoting = {
    fetch: async (_url: URL, init?: object) => {
      throw new Error(inspect(init));
    },
  };
  const failing = {
    clientSecret: () => {
      throw new Error(CLIENT.secret);
    },
  };
  for (const overrides of [{}, quoting, failing]) {
    const error: unknown = await endpoint
      .introspector(overrides)
      .introspect(TOKEN)
      .catch((caught: unknown) => caught);
    const shown = inspect(error, { depth: 10, showHidden: true });
    expect(error).toMatchObject({ name: "TokenError" });
    for (const secret of [TOKEN, CLIENT.secret, "s3cret", "authorization"]) expect(shown).not.toContain(secret);
  }
});

test("what is remembered is the digest of a token, never the token", async () => {
  await using endpoint = await startEndpoint((_form, response) => json(response, ACTIVE));
  const keys: unknown[] = [];
  const set = Map.prototype.set;
  Map.prototype.set = function (key, value) {
    keys.push(key);
    return set.call(this, key, value);
  };
  try {
    await endpoint.introspector().introspect(TOKEN);
  } finally {
    Map.prototype.set = set;
  }
  expect(keys).toContain(createHash("sha256").update(TOKEN).digest("base64url"));
  expect(keys).not.toContain(TOKEN);
});

describe("refuses to start with", () => {
  test.each<[name: string, overrides: object]>([
    ["an endpoint without TLS", { endpoint: new URL("http://localhost/introspect") }],
    ["a secret in the URL", { endpoint: new URL("https://a:b@localhost/introspect") }],
    ["no client id", { clientId: "" }],
    ["a memory longer than 30 seconds", { cacheMs: 30_001 }],
    ["a memory that is no number", { cacheMs: Number.NaN }],
    ["no end of entries", { maxEntries: Number.POSITIVE_INFINITY }],
    ["nobody to ask", { maxConcurrent: 0 }],
    ["a misspelt option", { cacheMS: 1 }],
  ])("%s", async (_name, overrides) => {
    await using endpoint = await startEndpoint((_form, response) => json(response, ACTIVE));
    expect(() => endpoint.introspector(overrides)).toThrow(AuthConfigError);
  });
});
