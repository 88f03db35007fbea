import { describe, expect, it } from "vitest";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { messagesOf, post, startHttp } from "../support/http.ts";
import { echoTool } from "../support/server.ts";
import { MODERN } from "../support/stdio.ts";
import { alice } from "../support/walk.ts";

const tools = [echoTool(), echoTool({ name: "shout", scope: "echo:shout" })];
const bob = { ...alice, subject: "bob", scopes: new Set(["echo:shout"]) };

describe("lists that depend on who asks", () => {
  it("hold what each caller may use, and say that they are nobody else's", async () => {
    const authenticator = fakeAuthenticator(async (request) =>
      known(request.headers.authorization === "Bearer alice" ? alice : bob),
    );
    await using http = await startHttp({ tools }, { authenticator });
    const listed = async (who: string) => {
      const headers = {
        authorization: `Bearer ${who}`,
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/list",
      };
      const body = { jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: MODERN } };
      const [message] = await messagesOf(await post(http.url, body, { headers }));
      return (message as { result: { cacheScope: string; ttlMs: number; tools: { name: string }[] } }).result;
    };
    const [hers, his] = await Promise.all([listed("alice"), listed("bob")]);
    expect([hers.tools, his.tools].map((all) => all.map(({ name }) => name))).toEqual([["echo"], ["shout"]]);
    expect([hers.cacheScope, his.cacheScope]).toEqual(["private", "private"]);
  });
});
