import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CredentialConfig } from "../../../src/config/credential-schema.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { ask, open, type Secrets, secrets } from "../support/upstream.ts";

let api: TestApi;
let files: Secrets;
beforeEach(async () => {
  api = await startApi();
  files = secrets();
});
afterEach(async () => {
  files[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
});

const SECRET = 'k3y "of" a/b+c=';

async function sent(credential: (file: string) => CredentialConfig, url = "/", headers = {}) {
  await using upstream = open(api.url, { credential: credential(files.write("secret", `${SECRET}\n`)) });
  await ask(upstream, `${api.url}${url}`, { headers });
  const { url: asked, headers: seen } = api.seen.at(-1) ?? { url: "", headers: {} };
  return { url: asked, headers: seen as Readonly<Record<string, string>>, secrets: upstream.secrets() };
}

const key = (more: object) => (file: string) =>
  ({ type: "api_key", in: "header", name: "X-API-Key", prefix: "", key: { file }, ...more }) as CredentialConfig;

describe("a credential", () => {
  it("is sent as a bearer token", async () => {
    const { headers } = await sent((file) => ({ type: "bearer", token: { file } }));
    expect(headers["authorization"]).toBe(`Bearer ${SECRET}`);
  });

  it("is sent as a key in a header, with its prefix, in place of whatever a caller gave under that name", async () => {
    const { headers } = await sent(key({ prefix: "Key " }), "/", { "x-api-key": "caller's" });
    expect(headers["x-api-key"]).toBe(`Key ${SECRET}`);
  });

  it("is sent as a key in the query, which stays as it was otherwise", async () => {
    const { url } = await sent(key({ in: "query", name: "api_key" }), "/find?q=a%20b+c&x=%2F");
    expect(url).toBe(`/find?q=a%20b+c&x=%2F&api_key=${encodeURIComponent(SECRET)}`);
  });

  it("is the only one of its name in the query, wherever a caller's stood", async () => {
    const { url } = await sent(key({ in: "query", name: "api_key" }), "/?api_key=one&a=1&api_key=two");
    expect(new URL(url, api.url).searchParams.getAll("api_key")).toEqual([SECRET]);
  });

  it("is sent as user and password, in UTF-8", async () => {
    const { headers } = await sent((file) => ({ type: "basic", username: "jürgen", password: { file } }));
    const [, encoded = ""] = headers["authorization"]?.match(/^Basic (.+)$/) ?? [];
    expect(Buffer.from(encoded, "base64").toString()).toBe(`jürgen:${SECRET}`);
  });
});

describe("the operator is told", () => {
  it.each([
    ["http://api.example.com/", true],
    ["http://10.0.0.1/", true],
    ["https://api.example.com/", false],
    ["http://127.0.0.1/", false],
    ["http://[::1]/", false],
  ])("of a credential that %s would be sent in the clear: %s", async (url, expected) => {
    const credential = { type: "bearer", token: { file: files.write("s", "x") } } as const;
    await using upstream = open(url, { credential });
    await using none = open(url);
    expect([upstream.logged.join().includes("plain http"), none.logged]).toEqual([expected, []]);
  });
});

describe("what must not be shown", () => {
  it("is each form in which the secret may come back", async () => {
    const { secrets: hidden } = await sent((file) => ({ type: "basic", username: "user", password: { file } }));
    const pair = Buffer.from(`user:${SECRET}`).toString("base64");
    for (const form of [
      SECRET,
      `user:${SECRET}`,
      pair,
      encodeURIComponent(pair),
      encodeURIComponent(SECRET),
      JSON.stringify(SECRET).slice(1, -1),
      new URLSearchParams({ v: SECRET }).toString().slice(2),
    ]) {
      expect(hidden).toContain(form);
    }
  });

  it("is the key with and without its prefix", async () => {
    const { secrets: hidden } = await sent(key({ prefix: "Key " }));
    expect(hidden).toEqual(expect.arrayContaining([SECRET, `Key ${SECRET}`]));
  });
});

describe("a start is refused", () => {
  const bearer = (file: string) => ({ credential: { type: "bearer", token: { file } } }) as const;

  it.each<[string, () => Parameters<typeof open>[1], RegExp]>([
    ["with a secret that others can read", () => bearer(files.write("s", "secret", 0o644)), /chmod 600/],
    ["with a secret that is not there", () => bearer("/nowhere/secret"), /cannot be read/],
    ["with an empty secret", () => bearer(files.write("s", "\n")), /is empty/],
    // The rest would be headers of their own.
    ["with a secret of two lines", () => bearer(files.write("s", "one\r\nX-Admin: 1")), /more than one line/],
    [
      "with a user name that ends at its colon",
      () => ({ credential: { type: "basic", username: "a:b", password: { file: files.write("s", "x") } } }),
      /username holds a colon/,
    ],
    [
      "with a credential among the headers",
      () => ({ headers: { Authorization: "Bearer x" } }),
      /apis\.test\.credential/,
    ],
    ["with a header twice", () => ({ headers: { "X-A": "1", "x-a": "2" } }), /twice/],
    ["with half a client certificate", () => ({ tls: { certFile: files.write("c", "x") } }), /together/],
    ["with authorities that are none", () => ({ tls: { caFile: files.write("c", "x") } }), /holds no certificate/],
    [
      "with a client secret that would go over plain http",
      () => ({
        credential: {
          type: "client_credentials",
          tokenUrl: "http://as.example/token",
          clientId: "c",
          clientSecret: { file: files.write("s", "x") },
        },
      }),
      /must be https/,
    ],
    [
      "with a token endpoint that holds a password",
      () => ({
        credential: {
          type: "client_credentials",
          tokenUrl: "https://user:pass@as.example/token",
          clientId: "c",
          clientSecret: { file: files.write("s", "x") },
        },
      }),
      /tokenUrl holds a user name/,
    ],
  ])("%s", (_, config, message) => {
    expect(() => open(api.url, config())).toThrow(message);
  });

  it.each(["http://user:pass@127.0.0.1/", "http://127.0.0.1/?key=1", "http://127.0.0.1/#x"])("at %s", (url) => {
    expect(() => open(url)).toThrow(/baseUrl/);
  });
});
