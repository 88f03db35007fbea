import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Authenticator, createAuthenticator, isFailure, type Principal } from "@hardened-mcp/auth";
import { localPrincipal } from "@hardened-mcp/auth/principal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  startAuthorizationServer,
  type TestAuthorizationServer,
} from "../../../../../test/support/authorization-server/index.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { type ApiAuthorizationServer, CLIENT, startApiAuthorizationServer } from "../support/authorization-server.ts";
import {
  allOf,
  ask,
  failure,
  type OpenedUpstream,
  open,
  principal,
  type Secrets,
  secrets,
  send,
} from "../support/upstream.ts";

const RESOURCE = "https://mcp.example.com/mcp";

/** Of the people who call; the API trusts another one. */
let issuer: TestAuthorizationServer;
let tokens: Readonly<Record<"alice" | "aliceAgain" | "bob", string>>;
beforeAll(async () => {
  issuer = await startAuthorizationServer({ resources: { [RESOURCE]: { scopes: ["http:read"] } } });
  const of = async (user: string) => await issuer.userToken({ user, resource: RESOURCE, scope: "http:read" });
  tokens = { alice: await of("alice"), aliceAgain: await of("alice"), bob: await of("bob") };
});
afterAll(() => issuer.stop());

let as: ApiAuthorizationServer;
let api: TestApi;
let files: Secrets;
let upstream: OpenedUpstream;
let authenticator: Authenticator;
beforeEach(async () => {
  as = await startApiAuthorizationServer({ issuer: issuer.issuer, audience: RESOURCE, fetch: issuer.fetch });
  files = secrets();
  api = await startApi(async ({ headers }, response) => {
    const holder = await as.holderOf(headers.authorization?.replace("Bearer ", "") ?? "");
    response.writeHead(holder === undefined ? 401 : 200, { "cache-control": "max-age=600" }).end(holder);
  });
  upstream = open(api.url, {
    credential: {
      type: "token_exchange",
      tokenUrl: as.tokenUrl,
      caFile: files.write("ca.pem", as.ca),
      clientId: CLIENT.id,
      clientSecret: { file: files.write("client", CLIENT.secret) },
      audience: "orders",
      resource: "https://orders.example/",
      scopes: ["orders:read"],
    },
  });
  authenticator = createAuthenticator({
    resource: RESOURCE,
    issuers: [{ issuer: issuer.issuer, ca: issuer.ca, privateAddresses: "allow" }],
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await upstream.close();
  await authenticator.close();
  files[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
  await as[Symbol.asyncDispose]();
});

/** Who sends a request with this token, as the server's own entry finds out. */
async function callerWith(token: string): Promise<Principal> {
  const found = Promise.withResolvers<Principal>();
  const server = createServer(async (request, response) => {
    const answer = await authenticator.authenticate(request, { scopes: [] });
    response.end();
    if (isFailure(answer)) found.reject(new Error(answer.reason));
    else found.resolve(answer.principal);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
    headers: { authorization: `Bearer ${token}`, connection: "close" },
  });
  server.close();
  return await found.promise;
}

const asHolderOf = async (token: string, path = "/") =>
  await ask(upstream, `${api.url}${path}`, { principal: await callerWith(token) });

describe("a caller's token", () => {
  it("is exchanged for one of the API's, which stands for the same person", async () => {
    expect(await asHolderOf(tokens.alice)).toEqual([200, "alice"]);
    expect(await asHolderOf(tokens.bob)).toEqual([200, "bob"]);
    expect(as.asked.map(({ form }) => form)).toEqual(
      [tokens.alice, tokens.bob].map((subject) => ({
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: subject,
        subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
        requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
        audience: "orders",
        resource: "https://orders.example/",
        scope: "orders:read",
      })),
    );
  });

  it("is never sent to the API, nor told in an answer, an error or the log", async () => {
    await asHolderOf(tokens.alice);
    as.answer = () => ({ status: 400, body: { error: "invalid_grant", error_description: tokens.bob } });
    const error = await failure(asHolderOf(tokens.bob));
    const told = allOf(error) + upstream.logged.join() + JSON.stringify(api.seen) + upstream.secrets().join();
    for (const token of Object.values(tokens)) {
      expect(told).not.toContain(token);
      expect(told).not.toContain(token.split(".")[2]);
    }
    expect(error.code).toBe("credential");
  });

  it("that comes back as it was is not taken: it would be passed on (MCP, token passthrough)", async () => {
    as.answer = () => ({
      status: 200,
      body: {
        access_token: tokens.alice,
        issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
        token_type: "Bearer",
        expires_in: 600,
      },
    });
    expect((await failure(asHolderOf(tokens.alice))).code).toBe("credential");
    expect([api.seen.length, upstream.logged.join()]).toEqual([0, expect.stringContaining("the caller's own")]);
  });

  it.each(["refresh_token", "id_token", "saml2"])("is not exchanged for a %s", async (type) => {
    as.answer = () => ({
      status: 200,
      body: {
        access_token: "another",
        issued_token_type: `urn:ietf:params:oauth:token-type:${type}`,
        token_type: "Bearer",
        expires_in: 600,
      },
    });
    expect((await failure(asHolderOf(tokens.alice))).code).toBe("credential");
    expect(api.seen).toHaveLength(0);
  });

  it("is exchanged once, by all who wait; the tokens of two people never mix", async () => {
    const [alice, bob] = [await callerWith(tokens.alice), await callerWith(tokens.bob)];
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const who = at % 2 === 0 ? alice : bob;
        return [who.subject, (await ask(upstream, `${api.url}/${at}`, { principal: who }))[1]];
      }),
    );
    for (const [who, holder] of answers) expect(holder).toBe(who);
    expect(as.asked).toHaveLength(2);
  });

  it("is exchanged for itself: another of the same person is another, also for what is kept of answers", async () => {
    await asHolderOf(tokens.alice);
    await asHolderOf(tokens.alice);
    expect([as.asked.length, api.seen.length]).toEqual([1, 1]);
    await asHolderOf(tokens.aliceAgain);
    expect([as.asked.length, api.seen.length]).toEqual([2, 2]);
  });

  it("is exchanged again when the API refuses what came of it, once", async () => {
    await asHolderOf(tokens.alice, "/1");
    await as.revokeAll();
    expect(await asHolderOf(tokens.alice, "/2")).toEqual([200, "alice"]);
    expect(as.asked).toHaveLength(2);
  });

  it("is exchanged again when what came of it ends", async () => {
    await asHolderOf(tokens.alice, "/1");
    const caller = await callerWith(tokens.alice);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 571_000 });
    await ask(upstream, `${api.url}/2`, { principal: caller });
    expect(as.asked).toHaveLength(2);
  });

  it.each<[string, () => Principal]>([
    ["this machine", () => localPrincipal({ scopes: [] })],
    ["an API key", () => principal("ci", { issuer: "key", assurance: "key" })],
    ["a copy", () => principal("alice", { issuer: issuer.issuer })],
  ])("is none of %s: nobody is asked", async (_, who) => {
    expect((await failure(send(upstream, `${api.url}/`, { principal: who() }))).code).toBe("no_subject_token");
    expect([as.asked.length, api.seen.length]).toEqual([0, 0]);
  });

  it("and what came of it are hidden where an API echoes", async () => {
    await asHolderOf(tokens.alice);
    expect(upstream.secrets()).toContain(api.seen[0]?.headers.authorization?.replace("Bearer ", ""));
  });
});
