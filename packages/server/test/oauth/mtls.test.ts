import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpsFetch, startAuthorizationServer } from "../../../../test/support/authorization-server/index.ts";
import { createTestCa, type Issued } from "../../../../test/support/certificates.ts";
import { startProtected } from "./support/protected-server.ts";
import { bearer, contentOf, send } from "./support/requests.ts";
import { REVISIONS } from "./support/user-client.ts";
import { type World, worldOf } from "./support/world.ts";

let world: World;
let own: Issued;
let token: string;
beforeAll(async () => {
  const as = await startAuthorizationServer();
  const server = await startProtected(as, {
    auth: { mtls: "required" },
    http: { tls: { clientCertificates: "optional", clientCa: as.authority.cert } },
  });
  world = worldOf(as, server);
  own = await as.authority.issue({ usage: "client", commonName: "alice's agent" });
  token = await as.userToken({
    user: "alice",
    resource: server.resource,
    scope: "notes:read",
    certificate: own,
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const call = async (fetch: typeof globalThis.fetch, headers: Readonly<Record<string, string>> = {}) =>
  await send(world.as, world.server.url, { fetch, headers: { ...bearer(token), ...headers } });

describe("a token bound to a client certificate", () => {
  it.each(REVISIONS)("works for a client of revision %s that shows the certificate", async (revision) => {
    const fetch = httpsFetch(world.as.ca, own);
    const user = await world.client({ revision, registering: "appMtls", transport: { fetch } });
    await user.connect();
    expect((await user.client.callTool({ name: "whoami", arguments: {} })).structuredContent).toMatchObject({
      subject: "alice",
      client: "app-mtls",
      assurance: "bound-token",
    });
  });

  it("works for whoever holds certificate and token, and on no other connection", async () => {
    expect(await contentOf(await call(httpsFetch(world.as.ca, own)))).toMatchObject({ subject: "alice" });
    expect((await call(world.as.fetch)).status).toBe(401);
  });

  it.each([
    ["without a certificate", "certificate-missing", async () => [world.as.fetch]],
    [
      "without a certificate, but with one in a header",
      "certificate-missing",
      async () => {
        const pem = encodeURIComponent(own.cert);
        return [
          world.as.fetch,
          { "x-client-cert": pem, "x-forwarded-client-cert": `Cert="${pem}"`, "client-cert": pem },
        ];
      },
    ],
    [
      "with another client's certificate",
      "binding-mismatch",
      async () => [httpsFetch(world.as.ca, await world.as.authority.issue({ usage: "client" }))],
    ],
    [
      "with a renewed certificate of the same name",
      "binding-mismatch",
      async () => [
        httpsFetch(world.as.ca, await world.as.authority.issue({ usage: "client", commonName: "alice's agent" })),
      ],
    ],
  ] as [string, string, () => Promise<Parameters<typeof call>>][])("is refused %s", async (_, why, make) => {
    const before = world.server.sink.events.length;
    const answer = await call(...(await make()));
    expect([answer.status, answer.challenge]).toEqual([401, expect.stringMatching(/^Bearer error="invalid_token", /)]);
    expect(world.server.sink.events.slice(before)).toMatchObject([{ type: "auth.failed", detail: { why } }]);
  });

  it("gets no answer at all with a certificate of an authority that nobody named", async () => {
    const stranger = await (await createTestCa()).issue({ usage: "client", commonName: "alice's agent" });
    await expect(call(httpsFetch(world.as.ca, stranger))).rejects.toThrow("fetch failed");
  });

  it("is the only kind that is taken where it is required", async () => {
    const { as, server } = world;
    const unbound = await as.userToken({ user: "alice", resource: server.resource, scope: "notes:read" });
    const fetch = httpsFetch(as.ca, own);
    expect((await send(as, server.url, { fetch, headers: bearer(unbound) })).status).toBe(401);
  });
});
