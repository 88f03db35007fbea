import type { Authenticator } from "@hardened-mcp/auth";
import { describe, expect, it } from "vitest";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { legacyCall, post, startHttp } from "../support/http.ts";
import { alice } from "../support/walk.ts";

const call = legacyCall(1, "echo", { text: "x" });

/** Knows one token, and says what it was asked. */
function oneToken(): { readonly authenticate: Authenticator["authenticate"]; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async authenticate(request, { knownOnly }) {
      const { authorization } = request.headers;
      asked.push(`${authorization ?? "nothing"}${knownOnly === true ? ", known only" : ""}`);
      if (authorization === "Bearer good") return known(alice);
      if (authorization === undefined) return { status: 401, challenges: ["Bearer"], reason: "missing" };
      if (knownOnly === true) return { status: 429, challenges: [], reason: "not-known" };
      return { status: 401, challenges: ["Bearer"], reason: "signature" };
    },
  };
}

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("admission over HTTP", () => {
  it("refuses an address that asks too often before it is known who asks, and says when to come back", async () => {
    const { authenticate, asked } = oneToken();
    await using http = await startHttp(
      {},
      { authenticator: fakeAuthenticator(authenticate), limits: { requestsPerMinutePerAddress: 2 } },
    );
    const statuses = [];
    for (const _ of "123") statuses.push((await post(http.url, call, as("good"))).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(asked).toHaveLength(2);
    const refused = await post(http.url, call, as("good"));
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      error: { data: { error: { code: "rate_limited", retryable: true } } },
    });
    expect(http.sink.of("entry.rejected")).toMatchObject([
      { decision: { rule: "address_rate" }, detail: { address: "127.0.0.1" } },
      { decision: { rule: "address_rate" } },
    ]);
  });

  it("stops looking at new credentials of an address that keeps failing, and goes on serving known ones", async () => {
    const { authenticate, asked } = oneToken();
    await using http = await startHttp(
      {},
      { authenticator: fakeAuthenticator(authenticate), limits: { failuresPerMinutePerAddress: 3 } },
    );
    const statuses = [];
    for (let guess = 0; guess < 5; guess++) statuses.push((await post(http.url, call, as(`guess${guess}`))).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(asked.slice(3)).toEqual(["Bearer guess3, known only", "Bearer guess4, known only"]);
    expect((await post(http.url, call, as("good"))).status).toBe(200);
  });

  it("counts no failure where nothing was brought: that is how a client finds out where to get a token", async () => {
    const { authenticate } = oneToken();
    await using http = await startHttp(
      {},
      { authenticator: fakeAuthenticator(authenticate), limits: { failuresPerMinutePerAddress: 1 } },
    );
    for (const _ of "123") expect((await post(http.url, call)).status).toBe(401);
    expect((await post(http.url, call, as("guess"))).status).toBe(401);
  });

  it("says that it cannot tell at present, in a way that is worth a retry", async () => {
    const authenticator = fakeAuthenticator(async () => ({ status: 503, challenges: [], reason: "keys-away" }));
    await using http = await startHttp({}, { authenticator });
    const response = await post(http.url, call, as("good"));
    expect([response.status, response.headers.has("retry-after")]).toEqual([503, true]);
    expect(await response.json()).toMatchObject({
      error: { data: { error: { code: "unavailable", retryable: true } } },
    });
  });

  it("lets nothing of a credential past the entry", async () => {
    const { authenticate } = oneToken();
    await using http = await startHttp({}, { authenticator: fakeAuthenticator(authenticate) });
    await post(http.url, call, as("good"));
    await post(http.url, call, as("canary"));
    expect(JSON.stringify([http.sink.events, http.lines])).not.toMatch(/canary|Bearer/);
  });
});
