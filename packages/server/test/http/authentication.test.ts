import type { Authenticator } from "@hardened-mcp/auth";
import { describe, expect, it } from "vitest";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { legacyCall, messagesOf, post, startHttp } from "../support/http.ts";
import { alice } from "../support/walk.ts";

const call = legacyCall(1, "echo", { text: "x" });
const by = (authenticate: Authenticator["authenticate"]) => ({ authenticator: fakeAuthenticator(authenticate) });
const failure = (challenge: string, reason = "x") => ({ status: 401 as const, challenges: [challenge], reason });

describe("authentication over HTTP", () => {
  it("answers with the challenge, and records why", async () => {
    await using http = await startHttp(
      {},
      by(async () => failure("Bearer", "no token")),
    );
    const response = await post(http.url, call);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await response.text()).not.toContain("no token");
    expect(http.sink.events.slice(1)).toMatchObject([{ type: "auth.failed", detail: { why: "no token" } }]);
  });

  it.each<[string, Authenticator["authenticate"]]>([
    ["throws", async () => Promise.reject(new Error("canary"))],
    ["answers nothing", async () => undefined as never],
    ["answers with a challenge no header can hold", async () => failure("a\r\nX: y")],
  ])("runs nothing, leaks nothing and stays up when the authenticator %s", async (_, authenticate) => {
    await using http = await startHttp({}, by(authenticate));
    const text = await post(http.url, call).then(
      (response) => response.text(),
      () => "cut",
    );
    expect(text).not.toContain("canary");
    expect(http.sink.of("call.intent")).toEqual([]);
    expect((await fetch(new URL("/nothing", http.url))).status).toBe(404);
  });

  it("does not read the body of a caller it does not know", async () => {
    await using http = await startHttp(
      {},
      by(async () => failure("Bearer")),
    );
    expect((await post(http.url, "{")).status).toBe(401);
  });

  it("gives the call path exactly the principal of the authenticator, whatever the client says about itself", async () => {
    await using http = await startHttp(
      {},
      by(async () => known(alice)),
    );
    const meta = { "io.modelcontextprotocol/clientInfo": { name: "root", version: "1" }, subject: "root" };
    const [message] = await messagesOf(
      await post(http.url, { ...call, params: { ...call.params, _meta: meta } }, { headers: { "x-user": "root" } }),
    );
    expect(message).toMatchObject({ result: { structuredContent: { text: "x" } } });
    expect(http.sink.of("call.intent")).toMatchObject([{ actor: { issuer: alice.issuer, subject: "alice" } }]);
  });
});
