import type { Principal } from "@hardened-mcp/auth/principal";
import { scopePolicy } from "@hardened-mcp/policy";
import { describe, expect, it } from "vitest";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { type HttpServer, legacyCall, messagesOf, post, startHttp } from "../support/http.ts";
import { echoTool } from "../support/server.ts";
import { MODERN } from "../support/stdio.ts";
import { alice } from "../support/walk.ts";

const tools = [
  echoTool(),
  echoTool({ name: "shout", scope: "echo:shout" }),
  echoTool({ name: "hide", scope: "echo:hide" }),
];

function start(principal: Principal = alice): Promise<HttpServer> {
  return startHttp(
    { tools, stepUp: ["echo:shout"] },
    { authenticator: fakeAuthenticator(async () => known(principal)) },
  );
}

const eras: readonly (readonly [string, () => readonly [unknown, Record<string, string>]])[] = [
  ["of an older revision", () => [legacyCall(7, "shout", { text: "x" }), {}]],
  [
    "of 2026-07-28",
    () => [
      { ...legacyCall(7, "shout", { text: "x" }), params: { name: "shout", arguments: { text: "x" }, _meta: MODERN } },
      { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "shout" },
    ],
  ],
];

describe("step-up", () => {
  it.each(eras)("answers a call %s with the scope it needs, and runs nothing", async (_, request) => {
    await using http = await start();
    const [body, headers] = request();
    const response = await post(http.url, body, { headers });
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toBe('Bearer error="insufficient_scope", scope="echo:shout"');
    expect(await response.json()).toMatchObject({
      id: 7,
      error: { data: { error: { code: "denied", ref: expect.any(String), retryable: false } } },
    });
    expect(http.sink.of("call.intent")).toEqual([]);
    expect(http.sink.of("call.refused")).toMatchObject([
      { decision: { step: "authorize", rule: "default/scope-missing" } },
    ]);
    expect(http.sink.of("entry.rejected", "auth.failed")).toEqual([]);
  });

  it("lists what a caller may step up to, and not what it may never use", async () => {
    await using http = await start();
    const [message] = await messagesOf(await post(http.url, { jsonrpc: "2.0", id: 1, method: "tools/list" }));
    const listed = (message as { result: { tools: { name: string }[] } }).result.tools.map(({ name }) => name);
    expect(listed).toEqual(["echo", "shout"]);
  });

  it("answers a tool that is not published exactly like one that does not exist", async () => {
    await using http = await start();
    const [hidden, absent] = await Promise.all(
      ["hide", "hidf"].map(async (name) => {
        const response = await post(http.url, legacyCall(1, name, { text: "x" }));
        const [message] = await messagesOf(response);
        const text = JSON.stringify(message).replace(/"ref":"[^"]+"/, "");
        return [response.status, response.headers.get("www-authenticate"), text];
      }),
    );
    expect(hidden).toEqual(absent);
  });

  it.each<Principal["assurance"]>(["key", "local", "loopback"])(
    "has nothing to offer to assurance %s",
    async (assurance) => {
      await using http = await start({ ...alice, assurance });
      const response = await post(http.url, legacyCall(1, "shout", { text: "x" }));
      expect(response.status).toBe(200);
      expect(JSON.stringify(await messagesOf(response))).toContain("no such tool");
    },
  );

  it("refuses a batch member in the answer, since one status cannot speak for all", async () => {
    await using http = await start();
    const response = await post(http.url, [
      legacyCall(1, "echo", { text: "x" }),
      legacyCall(2, "shout", { text: "x" }),
    ]);
    const messages = await messagesOf(response);
    expect(response.status).toBe(200);
    expect(messages).toHaveLength(2);
    expect(JSON.stringify(messages)).toContain("lacks a scope that this needs: echo:shout");
  });

  it("is refused at start for a scope that nothing needs", async () => {
    await expect(startHttp({ tools, stepUp: ["echo:shuot"] })).rejects.toThrow('Did you mean "echo:shout"?');
  });

  it("is no mistake for a scope whose tools are off, and leads nowhere", async () => {
    const off = [echoTool(), echoTool({ name: "shout", scope: "echo:shout", effect: "write" })];
    await using http = await startHttp(
      { tools: off, stepUp: ["echo:shout"] },
      { authenticator: fakeAuthenticator(async () => known(alice)) },
    );
    const metadata = await (await fetch(new URL("/.well-known/oauth-protected-resource", http.url))).json();
    expect(metadata).toMatchObject({ scopes_supported: ["echo:use"] });
    expect((await post(http.url, legacyCall(1, "shout", { text: "x" }))).status).toBe(200);
  });

  it("names every scope of the operation that is missing", async () => {
    const policy = scopePolicy({ stepUp: ["echo:shout"] });
    await using http = await startHttp(
      { tools, policy: { ...policy, decide: () => ({ effect: "deny", rule: "r", missingScopes: ["a", "b"] }) } },
      { authenticator: fakeAuthenticator(async () => known(alice)) },
    );
    const response = await post(http.url, legacyCall(1, "echo", { text: "x" }));
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      403,
      'Bearer error="insufficient_scope", scope="a b"',
    ]);
  });
});
