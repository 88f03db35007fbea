import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { startAuthorizationServer } from "../../../../test/support/authorization-server/index.ts";
import { defineTool } from "../../src/define/tool.ts";
import { legacyCall } from "../support/http.ts";
import { notes, SCOPES } from "./support/notes.ts";
import { pathTo } from "./support/object-graph.ts";
import { startProtected } from "./support/protected-server.ts";
import { type Answered, bearer, contentOf, send } from "./support/requests.ts";
import { REVISIONS } from "./support/user-client.ts";
import { type World, worldOf } from "./support/world.ts";

/** What a handler is given, looked through while it runs. */
let look: (args: unknown, call: unknown) => unknown;
const inspect = defineTool({
  name: "inspect",
  description: "Looks around.",
  effect: "read",
  scope: SCOPES.read,
  input: z.strictObject({}),
  output: z.strictObject({}),
  run(args, call) {
    look(args, call);
    call.log.info({ principal: call.principal, signal: call.signal }, "inspected");
    return {};
  },
});
const explode = defineTool({
  name: "explode",
  description: "Fails.",
  effect: "read",
  scope: SCOPES.read,
  input: z.strictObject({}),
  output: z.strictObject({}),
  run(_, call) {
    throw Object.assign(new Error("exploded"), { call });
  },
});
const relay = defineTool({
  name: "relay",
  description: "Asks another server.",
  effect: "read",
  scope: SCOPES.read,
  input: z.strictObject({ url: z.string(), own: z.string().optional() }),
  output: z.strictObject({}),
  async run({ url, own }) {
    await fetch(url, own === undefined ? {} : { headers: { authorization: own } });
    return {};
  },
});

/** What must never be seen: a token whole, and the part of it that nobody could guess. */
const secretsOf = (token: string): readonly string[] => [token, token.slice(-40)];

describe.each(["jwt", "opaque"] as const)("a token in the form %s", (format) => {
  let world: World;
  let token: string;
  beforeAll(async () => {
    const as = await startAuthorizationServer();
    const { endpoint: _, ...introspection } = as.introspection;
    const server = await startProtected(as, {
      server: { tools: [...notes(), inspect, explode, relay] },
      http: { monitorPort: 0 },
      issuer: format === "opaque" ? { tokens: "opaque", introspection } : {},
      resource: { format },
    });
    world = worldOf(as, server);
    token = await as.userToken({ user: "alice", resource: server.resource, scope: "notes:read" });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const call = async (name: string, args: object, headers: Readonly<Record<string, string>>) =>
    await send(world.as, world.server.url, { headers, body: legacyCall(1, name, args) });

  /** All that leaves the server, but for its answers. */
  async function told(): Promise<string> {
    const metrics = await (await fetch(`${world.server.running.monitorAddress}/metrics`)).text();
    return [...world.server.lines, JSON.stringify(world.server.sink.events), metrics].join("\n");
  }

  it.each(REVISIONS)("is out of reach of a handler that serves a client of revision %s", async (revision) => {
    const user = await world.client({ revision });
    await user.connect();
    const { access_token: own = "" } = user.tokens() ?? {};
    const found: (string | undefined)[] = [];
    let couldSee: unknown;
    look = (args, given) => {
      for (const secret of secretsOf(own)) found.push(pathTo(secret, { args, given }));
      couldSee = pathTo("alice", { args, given });
    };
    await user.client.callTool({ name: "inspect", arguments: {} });
    expect(found).toEqual([undefined, undefined]);
    expect(couldSee).toBe("root.given.principal.subject");
  });

  const misuses: readonly (readonly [string, number, () => Promise<Answered>])[] = [
    ["used well", 200, () => call("whoami", {}, bearer(token))],
    ["used for a call that fails inside", 200, () => call("explode", {}, bearer(token))],
    ["used for a call that is not allowed", 403, () => call("write_note", {}, bearer(token))],
    ["used for a call of nothing", 200, () => call("nothing", {}, bearer(token))],
    ["changed at its end", 401, () => call("whoami", {}, bearer(`${token}x`))],
    ["changed at its start", 401, () => call("whoami", {}, bearer(`x${token}`))],
    ["sent twice in one header", 400, () => call("whoami", {}, { authorization: `Bearer ${token}, Bearer ${token}` })],
    ["sent as a user name", 401, () => call("whoami", {}, { authorization: `Basic ${btoa(`${token}:`)}` })],
    ["sent without its scheme", 401, () => call("whoami", {}, { authorization: token })],
    ["sent under another scheme", 401, () => call("whoami", {}, { authorization: `DPoP ${token}`, dpop: token })],
    ["sent as a cookie", 401, () => call("whoami", {}, { cookie: `access_token=${token}` })],
    ["sent as a header of its own", 401, () => call("whoami", {}, { "x-access-token": token })],
    ["sent as an argument", 200, () => call("whoami", { token }, bearer(token))],
    [
      "sent in the query",
      404,
      () => send(world.as, `${world.server.url}?access_token=${token}`, { headers: bearer(token) }),
    ],
    ["sent in the query alone", 404, () => send(world.as, `${world.server.url}?access_token=${token}`)],
    ["sent in the query for the metadata", 404, () => send(world.as, metadataUrl(token), { method: "GET" })],
    [
      "sent in a form",
      401,
      () =>
        send(world.as, world.server.url, {
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: { access_token: token },
        }),
    ],
  ];
  const metadataUrl = (query: string) =>
    new URL(`/.well-known/oauth-protected-resource?access_token=${query}`, world.server.url);

  it.each(misuses)("is in no answer, log, record or metric when %s", async (_, status, misuse) => {
    const answer = await misuse();
    expect(answer.status).toBe(status);
    const seen = `${answer.text}${JSON.stringify([...answer.headers])}${await told()}`;
    for (const secret of [...secretsOf(token), btoa(`${token}:`)]) expect(seen).not.toContain(secret);
  });

  it("goes to no other server by itself", async () => {
    const received: IncomingHttpHeaders[] = [];
    const upstream = createServer((request, response) => {
      received.push(request.headers);
      response.end();
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void upstream.close());
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
    expect(await contentOf(await call("relay", { url }, bearer(token)))).toEqual({});
    expect(await contentOf(await call("relay", { url, own: "Bearer of-the-servers-own" }, bearer(token)))).toEqual({});
    expect(received.map(({ authorization }) => authorization)).toEqual([undefined, "Bearer of-the-servers-own"]);
    for (const secret of secretsOf(token)) expect(JSON.stringify(received)).not.toContain(secret);
  });
});

describe("the search of this file", () => {
  it.each([
    [
      "a getter",
      () => ({
        get a() {
          return "needle";
        },
      }),
    ],
    ["a symbol", () => ({ [Symbol("a")]: { b: "a needle" } })],
    ["a prototype", () => Object.create({ a: "needle" }) as object],
    ["a hidden property", () => Object.defineProperty({}, "a", { value: "needle" })],
    ["a map", () => new Map([[{ a: "needle" }, 1]])],
    ["a buffer", () => [Buffer.from("xxneedlexx")]],
    ["a weak reference", () => new WeakRef(["needle"])],
    ["the headers of a request", () => new Request("http://localhost", { headers: { a: "needle" } })],
    ["the reason of a signal", () => AbortSignal.abort(new Error("needle"))],
  ])("finds what is in %s", (_, make) => {
    expect(pathTo("needle", { deep: [make()] })).toBeDefined();
  });

  it("would find the token in what the entry itself holds", async () => {
    const token = `${"t".repeat(30)}.x.y`;
    expect(() => decodeJwt(token)).toThrow();
    expect(pathTo(token, { request: { rawHeaders: ["Authorization", `Bearer ${token}`] } })).toBe(
      "root.request.rawHeaders.1",
    );
  });
});
