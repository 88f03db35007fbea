import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startApi, type TestApi } from "../support/api.ts";
import { type ApiAuthorizationServer, CLIENT, startApiAuthorizationServer } from "../support/authorization-server.ts";
import { allOf, ask, failure, type OpenedUpstream, open, type Secrets, secrets, send } from "../support/upstream.ts";

let as: ApiAuthorizationServer;
let api: TestApi;
let files: Secrets;
const opened: OpenedUpstream[] = [];
beforeEach(async () => {
  as = await startApiAuthorizationServer();
  files = secrets();
  api = await startApi(async ({ headers }, response) => {
    const holder = await as.holderOf(headers.authorization?.replace("Bearer ", "") ?? "");
    response.writeHead(holder === undefined ? 401 : 200).end(holder);
  });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const upstream of opened.splice(0)) await upstream.close();
  files[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
  await as[Symbol.asyncDispose]();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

function client(more: object = {}): OpenedUpstream {
  const upstream = open(api.url, {
    upstream: { cache: { enabled: false } },
    credential: {
      type: "client_credentials",
      tokenUrl: as.tokenUrl,
      caFile: files.write("ca.pem", as.ca),
      clientId: CLIENT.id,
      clientSecret: { file: files.write("client", CLIENT.secret) },
      ...more,
    },
  });
  opened.push(upstream);
  return upstream;
}

describe("this server's own token", () => {
  it.each([
    ["client_secret_basic", CLIENT.id],
    ["client_secret_post", `${CLIENT.id}:post`],
  ] as const)("is asked for with %s, and taken by the API", async (clientAuthentication, clientId) => {
    expect(await ask(client({ clientAuthentication, clientId }), `${api.url}/`)).toEqual([200, clientId]);
  });

  it("is asked for once, whoever waits, and again shortly before it ends", async () => {
    const upstream = client({ scopes: ["orders:read"] });
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(upstream, `${api.url}/`)));
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200]));
    expect(as.asked.map(({ form }) => form)).toEqual([{ grant_type: "client_credentials", scope: "orders:read" }]);
    pass(569_000);
    await ask(upstream, `${api.url}/`);
    expect(as.asked).toHaveLength(1);
    pass(2_000);
    expect(await ask(upstream, `${api.url}/`)).toEqual([200, CLIENT.id]);
    expect(as.asked).toHaveLength(2);
  });

  it("that the API refuses is dropped, and another asked for once by all that were refused", async () => {
    const upstream = client();
    await ask(upstream, `${api.url}/`);
    await as.revokeAll();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(upstream, `${api.url}/`)));
    expect(answers.map(([status]) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(as.asked).toHaveLength(2);
  });

  it("of an API that refuses all is not asked for with every call", async () => {
    const upstream = client();
    api.handle = (_, response) => response.writeHead(401).end();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(upstream, `${api.url}/`)));
    for (let call = 0; call < 20; call++) answers.push(await ask(upstream, `${api.url}/`));
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([401]));
    expect(as.asked).toHaveLength(2);
  });

  it("that is refused is no reason to send a POST again; the next one has another", async () => {
    const upstream = client();
    await ask(upstream, `${api.url}/`);
    await as.revokeAll();
    const statuses: number[] = [];
    for (let call = 0; call < 2; call++) statuses.push((await ask(upstream, `${api.url}/`, { method: "POST" }))[0]);
    expect([statuses, api.seen.length]).toEqual([[401, 200], 3]);
  });

  it("and the client's secret are hidden, in every form", async () => {
    const upstream = client();
    await ask(upstream, `${api.url}/`);
    const token = api.seen[0]?.headers.authorization?.replace("Bearer ", "") ?? "";
    const basic = as.asked[0]?.authorization?.replace("Basic ", "") ?? "";
    expect(upstream.secrets()).toEqual(
      expect.arrayContaining([token, basic, CLIENT.secret, encodeURIComponent(CLIENT.secret)]),
    );
    // The same list until something changes: whoever masks answers need not read it anew for each.
    const before = upstream.secrets();
    await ask(upstream, `${api.url}/`);
    expect(upstream.secrets()).toBe(before);
    pass(600_000);
    await ask(upstream, `${api.url}/`);
    expect(upstream.secrets()).not.toBe(before);
    expect(upstream.secrets()).toContain(api.seen.at(-1)?.headers.authorization?.replace("Bearer ", ""));
  });

  it("is asked for with a secret that was changed meanwhile", async () => {
    const upstream = client({ clientId: "unknown" });
    expect((await failure(send(upstream, `${api.url}/`))).code).toBe("credential");
    const known = client();
    files.write("client", "wrong");
    expect((await failure(send(known, `${api.url}/`))).code).toBe("credential");
    files.write("client", CLIENT.secret);
    pass(1_000);
    expect(await ask(known, `${api.url}/`)).toEqual([200, CLIENT.id]);
  });
});

describe("an authorization server that gives no token", () => {
  const leaking = `${CLIENT.secret} leaked-token`;
  it.each<[string, ApiAuthorizationServer["answer"], string]>([
    [
      "refuses",
      () => ({ status: 401, body: { error: "invalid_client", error_description: leaking } }),
      "401 invalid_client",
    ],
    [
      "refuses with a name of its own",
      () => ({ status: 400, body: { error: "leaked-token" } }),
      "400 an unknown error",
    ],
    ["fails", () => ({ status: 500, body: { leaking } }), "no answer that"],
    ["answers nonsense", () => ({ status: 200, body: [leaking] }), "no answer that"],
    [
      "sends elsewhere",
      () => ({ status: 307, headers: { location: `${api.url}/steal` }, body: leaking }),
      "(redirect)",
    ],
    [
      "gives a token that is no bearer token",
      () => ({ status: 200, body: { access_token: "leaked-token", token_type: "DPoP", expires_in: 60 } }),
      "no bearer token",
    ],
    [
      "gives a token that would be two headers",
      () => ({
        status: 200,
        body: { access_token: "leaked-token\r\nx-admin: 1", token_type: "bearer", expires_in: 60 },
      }),
      "cannot be sent",
    ],
  ])("%s: nothing is sent to the API, and nothing of it is told", async (_, answer, why) => {
    as.answer = answer;
    const upstream = client();
    const error = await failure(send(upstream, `${api.url}/`));
    expect([error.code, api.seen.length, as.asked.length]).toEqual(["credential", 0, 1]);
    const told = allOf(error) + upstream.logged.join();
    expect(upstream.logged.join()).toContain(why);
    expect(told).not.toContain("canary");
    expect(told).not.toContain("leaked-token");
  });

  it("is asked once a second at most", async () => {
    as.answer = () => ({ status: 503, body: {} });
    const upstream = client();
    for (let call = 0; call < 20; call++)
      expect((await failure(send(upstream, `${api.url}/`))).code).toBe("credential");
    expect(as.asked).toHaveLength(1);
    as.answer = undefined;
    pass(1_000);
    expect(await ask(upstream, `${api.url}/`)).toEqual([200, CLIENT.id]);
  });

  it("whose certificate nobody vouches for gets no secret", async () => {
    const upstream = open(api.url, {
      credential: {
        type: "client_credentials",
        tokenUrl: as.tokenUrl,
        clientId: CLIENT.id,
        clientSecret: { file: files.write("client", CLIENT.secret) },
      },
    });
    opened.push(upstream);
    expect((await failure(send(upstream, `${api.url}/`))).code).toBe("credential");
    expect([as.asked.length, api.seen.length]).toEqual([0, 0]);
  });

  it("is no failure of the API", async () => {
    as.answer = () => ({ status: 503, body: {} });
    const upstream = client();
    for (let call = 0; call < 10; call++) {
      await failure(send(upstream, `${api.url}/`));
      pass(1_001);
    }
    expect(upstream.health()).toBe("up");
  });
});
