import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CredentialConfig } from "../../src/config/credential-schema.ts";
import { startApi, type TestApi } from "./support/api.ts";
import { allOf, ask, failure, type OpenedUpstream, open, type Secrets, secrets, send } from "./support/upstream.ts";

const CANARY = "canary-5f2b8c";

let api: TestApi;
/** Another host, and another port of the same. */
let evil: TestApi;
let sibling: TestApi;
let files: Secrets;
const opened: OpenedUpstream[] = [];
beforeEach(async () => {
  [api, evil, sibling] = await Promise.all([startApi(), startApi(undefined, "127.0.0.2"), startApi()]);
  files = secrets();
});
afterEach(async () => {
  for (const upstream of opened.splice(0)) await upstream.close();
  files[Symbol.dispose]();
  for (const server of [api, evil, sibling]) await server[Symbol.asyncDispose]();
});

const CREDENTIALS: readonly (readonly [string, (file: string) => CredentialConfig])[] = [
  ["bearer token", (file) => ({ type: "bearer", token: { file } })],
  ["key in a header", (file) => ({ type: "api_key", in: "header", name: "X-API-Key", prefix: "", key: { file } })],
  ["key in the query", (file) => ({ type: "api_key", in: "query", name: "key", prefix: "", key: { file } })],
  ["password", (file) => ({ type: "basic", username: "u", password: { file } })],
];

function opening(
  credential: (file: string) => CredentialConfig,
  more: Parameters<typeof open>[1] = {},
  base = "",
): OpenedUpstream {
  const upstream = open(`${api.url}${base}`, { credential: credential(files.write("secret", CANARY)), ...more });
  opened.push(upstream);
  return upstream;
}

const forms = [CANARY, Buffer.from(`u:${CANARY}`).toString("base64")];
const shows = (text: string) => forms.some((form) => text.includes(form));

it("a plain fetch takes a key to another host: what is held against here is real", async () => {
  api.handle = (_, response) => response.writeHead(307, { location: `${evil.url}/steal` }).end();
  await fetch(`${api.url}/`, { headers: { "x-api-key": CANARY } });
  expect(shows(JSON.stringify(evil.seen))).toBe(true);
});

describe.each(CREDENTIALS)("a %s", (_, credential) => {
  const elsewhere: readonly (readonly [string, () => string])[] = [
    ["another host", () => `${evil.url}/steal`],
    ["another port", () => `${sibling.url}/steal`],
    ["another host without a scheme", () => `${evil.url.replace("http:", "")}/steal`],
    ["another host after user information", () => evil.url.replace("//", `//127.0.0.1:${api.port}@`)],
    ["another host in disguise", () => evil.url.replace("127.0.0.2", "0x7f000002")],
  ];

  it.each([301, 302, 303, 307, 308].flatMap((status) => elsewhere.map(([name, to]) => [status, name, to] as const)))(
    "does not follow a %i to %s, whatever is configured",
    async (status, _name, to) => {
      api.handle = (_request, response) => response.writeHead(status, { location: to() }).end();
      for (const redirects of ["refuse", "same_origin"] as const) {
        const upstream = opening(credential, { upstream: { redirects } });
        const error = await failure(send(upstream, `${api.url}/`));
        expect(error.code).toBe("redirect");
        expect(shows(allOf(error) + upstream.logged.join())).toBe(false);
      }
      expect([api.seen.length, evil.seen.length, sibling.seen.length]).toEqual([2, 0, 0]);
      expect(shows(JSON.stringify(api.seen[0]))).toBe(true);
    },
  );

  it.each<[string, (url: string) => string]>([
    ["another host", () => `${evil.url}/v1/x`],
    ["another port", () => `${sibling.url}/v1/x`],
    ["another scheme", (url) => url.replace("http:", "https:")],
    ["user information", (url) => url.replace("//", "//user:pass@")],
    ["a path above the base", () => `${api.url}/admin`],
    ["a path beside the base", () => `${api.url}/v1x`],
    ["a path that climbs", (url) => `${url}/../../admin`],
    ["a path that climbs in escapes", (url) => `${url}/%2e%2e/%2E./admin`],
  ])("goes nowhere for a request to %s", async (_name, change) => {
    const upstream = opening(credential, {}, "/v1");
    const url = `${api.url}/v1`;
    expect((await failure(send(upstream, change(url)))).code).toBe("unreachable");
    expect([api.seen.length, evil.seen.length, sibling.seen.length]).toEqual([0, 0, 0]);
  });

  it("is in no error of an upstream that cuts, lies, or is away", async () => {
    const upstream = opening(credential, { upstream: { retries: 0, headersTimeoutMs: 300, maxHeaderBytes: 2_000 } });
    const handles: TestApi["handle"][] = [
      (_request, response) => response.destroy(),
      (_request, response) => response.socket?.end("nonsense\r\n\r\n"),
      (_request, response) => response.writeHead(200, { "x-long": "x".repeat(5_000) }).end(),
      (_request, response) => response.writeHead(200, { "content-encoding": "none-such" }).end(),
      () => {},
    ];
    const told: string[] = [];
    for (const handle of handles) {
      api.handle = handle;
      told.push(allOf(await failure(send(upstream, `${api.url}/`))));
    }
    await api[Symbol.asyncDispose]();
    told.push(allOf(await failure(send(upstream, `${api.url}/`))), upstream.logged.join());
    api = await startApi();
    expect(told).toHaveLength(7);
    expect(told.filter(shows)).toEqual([]);
  });

  it("is not in the upstream as an object", () => {
    expect(shows(allOf(opening(credential)))).toBe(false);
  });
});

describe("a redirect within the base URL", () => {
  const bearer = CREDENTIALS[0]?.[1] ?? (() => ({ type: "bearer", token: { file: "" } }) as const);
  const within = (handle: TestApi["handle"]) => {
    api.handle = handle;
    return opening(bearer, { upstream: { redirects: "same_origin" } }, "/v1");
  };

  it("is followed for GET, with the credential, where it is allowed", async () => {
    const upstream = within(({ url }, response) =>
      url === "/v1/a" ? response.writeHead(302, { location: "/v1/b" }).end() : response.end("there"),
    );
    expect(await ask(upstream, `${api.url}/v1/a`)).toEqual([200, "there"]);
    expect(api.seen[1]?.headers.authorization).toBe(`Bearer ${CANARY}`);
  });

  it.each([
    "/admin",
    "/v1/../admin",
    "/v1x",
    "/v1/%2e%2e/admin",
    "..\\admin",
    "//127.0.0.1/v1/b",
    "/v1/..%2fadmin",
    "/v1/x/..%252F..%252Fadmin",
    "/v1/..%5cadmin",
    "/v1/..;/admin",
    "/v1/%c0%ae%c0%ae/admin",
  ])("to %s leads out of it, and is not asked, also not on the way back in", async (location) => {
    const upstream = within(({ url }, response) =>
      response.writeHead(302, { location: url === "/v1/a" ? location : "/v1/b" }).end(),
    );
    expect((await failure(send(upstream, `${api.url}/v1/a`))).code).toBe("redirect");
    expect(api.seen.map(({ url }) => url)).toEqual(["/v1/a"]);
  });

  it("has the key of a query at every hop, once, whatever the API says of it", async () => {
    api.handle = ({ url }, response) =>
      url.startsWith("/v1/a")
        ? response.writeHead(302, { location: "/v1/b?x=1&key=theirs" }).end()
        : response.end("there");
    const inQuery = CREDENTIALS[2]?.[1] ?? bearer;
    const upstream = opening(inQuery, { upstream: { redirects: "same_origin" } }, "/v1");
    expect(await ask(upstream, `${api.url}/v1/a`)).toEqual([200, "there"]);
    expect(api.seen.map(({ url }) => url)).toEqual([`/v1/a?key=${CANARY}`, `/v1/b?x=1&key=${CANARY}`]);
  });

  it("is followed three times, and not in circles", async () => {
    const upstream = within((_, response) => response.writeHead(302, { location: "/v1/a" }).end());
    expect((await failure(send(upstream, `${api.url}/v1/a`))).code).toBe("redirect");
    expect(api.seen).toHaveLength(4);
  });

  it("is not followed for a write", async () => {
    const upstream = within((_, response) => response.writeHead(307, { location: "/v1/b" }).end());
    expect((await failure(send(upstream, `${api.url}/v1/a`, { method: "PUT" }))).code).toBe("redirect");
    expect(api.seen).toHaveLength(1);
  });
});
