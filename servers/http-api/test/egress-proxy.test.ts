import { describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { openApi, structured } from "./support/session.ts";
import { connectProxy, evil, httpUpstream, json } from "./support/upstreams/index.ts";

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "T", version: "1" },
  paths: { "/thing": { get: { operationId: "getThing", responses: { "200": { description: "It." } } } } },
};

describe("a server behind an egress proxy", () => {
  it("asks APIs and pages through it alone, whatever the environment says", async () => {
    using folder = testFolder();
    await using upstream = await httpUpstream(({ target }) => json({ target }));
    await using other = await evil();
    // Names that nobody here knows: it is the proxy that looks them up.
    const routes = { "docs.example.test:80": upstream.port, [`127.0.0.1:${upstream.port}`]: upstream.port };
    await using proxy = await connectProxy(routes);
    const allow = [{ host: "*.example.test", ports: [80], schemes: ["http"] }];
    await using session = await openApi(
      folder,
      { baseUrl: upstream.origin, document: DOCUMENT },
      {
        config: { egressProxy: { url: proxy.origin }, fetchUrl: { allow } },
        env: { HTTP_PROXY: other.origin, HTTPS_PROXY: other.origin, ALL_PROXY: other.origin, NODE_USE_ENV_PROXY: "1" },
      },
    );
    expect(structured(await session.call("get_thing", {}))["body"]).toEqual({ target: "/thing" });
    const page = structured(await session.call("fetch_url", { url: "http://docs.example.test/page" }));
    expect(JSON.parse(String(page["text"]))).toEqual({ target: "/page" });
    expect(proxy.asked).toEqual([`127.0.0.1:${upstream.port}`, "docs.example.test:80"]);
    expect([proxy.whole, other.connections()]).toEqual([[], 0]);
  });

  it("takes its no for an answer, and looks for no other way", async () => {
    using folder = testFolder();
    await using upstream = await httpUpstream(() => json({}));
    await using proxy = await connectProxy({});
    await using session = await openApi(
      folder,
      { baseUrl: upstream.origin, document: DOCUMENT },
      {
        config: {
          egressProxy: { url: proxy.origin },
          fetchUrl: { allow: [{ host: "127.0.0.1", ports: [upstream.port], schemes: ["http"] }] },
        },
        api: { upstream: { retries: 0 } },
      },
    );
    expect((await session.call("get_thing", {})).code).toBe("unavailable");
    expect((await session.call("fetch_url", { url: `${upstream.origin}/page` })).code).toBe("unavailable");
    expect((await session.call("fetch_url", { url: "http://169.254.169.254/" })).code).toBe("denied");
    expect(proxy.asked).toHaveLength(2);
    expect(upstream.connections()).toBe(0);
  });
});
