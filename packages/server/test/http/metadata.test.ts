import { describe, expect, it } from "vitest";
import { fakeAuthenticator, RESOURCE } from "../support/authenticator.ts";
import { rawHttp, startHttp } from "../support/http.ts";
import { echoTool } from "../support/server.ts";

const authenticator = fakeAuthenticator(async () => ({ status: 401, challenges: ["Bearer"], reason: "missing" }));
const tools = [
  echoTool(),
  echoTool({ name: "shout", scope: "echo:shout" }),
  echoTool({ name: "erase", scope: "echo:erase", effect: "destroy" }),
];

describe("protected resource metadata", () => {
  it.each(["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"])(
    "is at %s, for everyone",
    async (path) => {
      await using http = await startHttp({ tools }, { authenticator });
      const response = await fetch(new URL(path, http.url));
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
      expect(await response.json()).toMatchObject({ resource: RESOURCE, bearer_methods_supported: ["header"] });
    },
  );

  it("lists what reading needs and what may be stepped up to, nothing else", async () => {
    await using http = await startHttp({ tools, enable: ["destroy"], stepUp: ["echo:erase"] }, { authenticator });
    const document = await (await fetch(new URL("/.well-known/oauth-protected-resource", http.url))).json();
    expect(document).toMatchObject({ scopes_supported: ["echo:use", "echo:shout", "echo:erase"] });
    await using closed = await startHttp({ tools, enable: ["destroy"] }, { authenticator });
    const without = await (await fetch(new URL("/.well-known/oauth-protected-resource", closed.url))).json();
    expect(without).toMatchObject({ scopes_supported: ["echo:use", "echo:shout"] });
  });

  it("is read with GET, by an allowed Host, and not with a query", async () => {
    await using http = await startHttp({ tools }, { authenticator });
    const path = "/.well-known/oauth-protected-resource";
    expect((await fetch(new URL(path, http.url), { method: "POST" })).status).toBe(405);
    expect((await fetch(new URL(`${path}?x=1`, http.url))).status).toBe(404);
    const foreign = await rawHttp(http.port, `GET ${path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
    expect(foreign.status).toBe(403);
  });

  it("does not exist where nobody has to prove who they are", async () => {
    await using http = await startHttp();
    expect((await fetch(new URL("/.well-known/oauth-protected-resource", http.url))).status).toBe(404);
  });
});
