import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSafeFetch } from "../../src/index.ts";
import type { SafeFetch, SafeFetchOptions, SafeRequest } from "../../src/types.ts";
import { listenOn } from "../support/listeners.ts";
import { ask, outcome } from "../support/read.ts";

let listeners: Awaited<ReturnType<typeof listenOn<"api" | "other" | "evil">>>;
/** Where each path leads, whoever is asked. */
let routes: Readonly<Record<string, string | string[]>> = {};
let status = 302;
const open: SafeFetch[] = [];

beforeAll(async () => {
  const answer = ({ url = "", method }: IncomingMessage, response: ServerResponse) => {
    const location = routes[url];
    if (location === undefined) response.end(`${method} ${url}`);
    else
      response
        .writeHead(status, Array.isArray(location) ? location.flatMap((one) => ["location", one]) : { location })
        .end("moved");
  };
  listeners = await listenOn({ api: "127.0.0.1", other: "127.0.0.2", evil: "127.0.0.3" }, answer);
});
beforeEach(() => {
  status = 302;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((safe) => safe.close()));
});
afterAll(() => Promise.all([listeners.api.close(), listeners.other.close(), listeners.evil.close()]));

const at = (address: string, path = "/start") => `http://${address}:${listeners.port}${path}`;
function safeFor(redirects: SafeFetchOptions["redirects"], options: Partial<SafeFetchOptions> = {}): SafeFetch {
  const ports = [listeners.port];
  const allow = ["127.0.0.1", "127.0.0.2"].map((host) => ({ host, ports, schemes: ["http" as const] }));
  const safe = createSafeFetch({ allow, ...(redirects === undefined ? {} : { redirects }), ...options });
  open.push(safe);
  return safe;
}
const start = (redirects: SafeFetchOptions["redirects"], request?: SafeRequest, options?: Partial<SafeFetchOptions>) =>
  ask(safeFor(redirects, options), at("127.0.0.1"), request);
const CREDENTIALS = {
  authorization: "Bearer canary",
  cookie: "session=canary",
  "proxy-authorization": "Basic canary",
  "x-api-key": "canary",
  "X-Auth-Token": "canary",
  "api-key": "canary",
  "x-amz-security-token": "canary",
  referer: "https://api.test/?token=canary",
  accept: "text/plain",
  "accept-language": "de",
  "user-agent": "us",
};

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])("%d is not followed by default, and says so", async (code) => {
    status = code;
    routes = { "/start": "/end" };
    const before = listeners.api.seen.length;
    expect(await outcome(() => start(undefined))).toBe("redirect");
    expect(listeners.api.seen.length).toBe(before + 1);
  });
  it.each([300, 304, 305])("%d is an answer by itself", async (code) => {
    status = code;
    routes = { "/start": "/end" };
    expect((await start("follow")).status).toBe(code);
  });
  it.each([301, 302, 303, 307, 308])("%d is followed within its origin, with everything on board", async (code) => {
    status = code;
    routes = { "/start": "/middle?x#y", "/middle?x": "end" };
    expect(await start("same-origin", { headers: CREDENTIALS })).toMatchObject({ body: "GET /end" });
    expect(listeners.api.seen.at(-1)).toMatchObject({ "x-api-key": "canary", authorization: "Bearer canary" });
  });
  it("out of its origin is not followed by same-origin", async () => {
    for (const host of ["127.0.0.2", "127.0.0.3", "localhost"]) {
      routes = { "/start": at(host, "/end") };
      const before = [listeners.other.connections, listeners.evil.connections];
      expect(await outcome(() => start("same-origin"))).toBe("redirect");
      expect([listeners.other.connections, listeners.evil.connections]).toEqual(before);
    }
  });
  it("out of its origin to an allowed host leaves every credential behind, whatever its name", async () => {
    routes = { "/start": at("127.0.0.2", "/end") };
    expect(await start("follow", { headers: CREDENTIALS })).toMatchObject({ body: "GET /end" });
    const seen = listeners.other.seen.at(-1)!;
    expect(JSON.stringify(seen)).not.toContain("canary");
    expect(seen).toMatchObject({ accept: "text/plain", "accept-language": "de", "user-agent": "us" });
  });
  it("back again does not bring them back: who sends us there may not be who may use them", async () => {
    routes = { "/start": at("127.0.0.2", "/middle"), "/middle": at("127.0.0.1", "/end") };
    await start("follow", { headers: CREDENTIALS });
    expect(JSON.stringify(listeners.api.seen.at(-1))).not.toContain("canary");
  });
  it("on to a third origin does not bring them back either", async () => {
    const third = createSafeFetch({
      allow: ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map((host) => ({
        ...{ host, ports: [listeners.port], schemes: ["http" as const] },
      })),
      redirects: "follow",
    });
    routes = { "/start": at("127.0.0.2", "/middle"), "/middle": at("127.0.0.3", "/end") };
    expect(await ask(third, at("127.0.0.1"), { headers: CREDENTIALS })).toMatchObject({ body: "GET /end" });
    expect(JSON.stringify(listeners.evil.seen.at(-1))).not.toContain("canary");
    await third.close();
  });
  it.each([
    ["a host that is not allowed", () => at("127.0.0.3", "/end"), "host_not_allowed"],
    ["another port", () => "http://127.0.0.1:1/", "host_not_allowed"],
    ["a metadata service", () => "http://169.254.169.254/latest/meta-data/", "host_not_allowed"],
    ["an address in disguise", () => at("0x7f.0.0.3", "/end"), "host_not_allowed"],
    ["a path that ends the host", () => `//127.0.0.3:${listeners.port}/end`, "host_not_allowed"],
    ["backslashes", () => `\\\\127.0.0.3:${listeners.port}/end`, "host_not_allowed"],
    ["another scheme", () => "file:///etc/passwd", "redirect"],
    ["a URL with a user", () => `http://a:b@127.0.0.1:${listeners.port}/end`, "redirect"],
    ["nowhere", () => "http://", "redirect"],
  ])("to %s is refused", async (_, location, code) => {
    routes = { "/start": location() };
    const before = listeners.evil.connections;
    expect(await outcome(() => start("follow"))).toBe(code);
    expect(listeners.evil.connections).toBe(before);
  });
  it.each([
    ["/end", "/end"],
    ["/end", "/other"],
  ])("to two places (%s and %s) is followed to neither", async (...two) => {
    routes = { "/start": two };
    const before = listeners.api.seen.length;
    expect(await outcome(() => start("follow"))).toBe("broken");
    expect(listeners.api.seen.length).toBe(before + 1);
  });
  it("is held at every hop against what its caller says, who may ask another URL in its place", async () => {
    const asked: string[] = [];
    const redirectTo = (to: URL) => {
      asked.push(to.pathname);
      return to.pathname.startsWith("/v1/") ? new URL(`${to.href}?key`) : undefined;
    };
    routes = { "/start": "/v1/middle", "/v1/middle?key": "/v1/end" };
    expect(await start("same-origin", { redirectTo })).toMatchObject({ body: "GET /v1/end?key" });
    routes = { "/start": "/v1/middle", "/v1/middle?key": "/admin", "/admin": "/v1/end" };
    const before = listeners.api.seen.length;
    expect(await outcome(() => start("same-origin", { redirectTo }))).toBe("redirect");
    expect(listeners.api.seen.length).toBe(before + 2);
    expect(asked).toEqual(["/v1/middle", "/v1/end", "/v1/middle", "/admin"]);
  });
  it("is not led out of its origin, or of the rules, by its caller either", async () => {
    routes = { "/start": "/end" };
    const redirectTo = () => new URL(at("127.0.0.3", "/end"));
    expect(await outcome(() => start("same-origin", { redirectTo }))).toBe("redirect");
    expect(await outcome(() => start("follow", { redirectTo }))).toBe("host_not_allowed");
    expect(await outcome(() => start(undefined, { redirectTo: (to) => to }))).toBe("redirect");
  });
  it("in a circle ends after as many as are allowed", async () => {
    routes = { "/start": "/start" };
    const before = listeners.api.seen.length;
    expect(await outcome(() => start("follow"))).toBe("redirect");
    expect(listeners.api.seen.length - before).toBe(4);
    expect(await outcome(() => start("follow", {}, { maxRedirects: 0 }))).toBe("redirect");
  });
  it.each([
    ["POST", { method: "POST", body: "x" }],
    ["PUT", { method: "PUT", body: "x" }],
    ["DELETE", { method: "DELETE" }],
    ["a GET with a body", { method: "GET", body: "x" }],
  ])("of %s is never followed, and it may have acted", async (_, request) => {
    routes = { "/start": "/end" };
    await expect(start("follow", request)).rejects.toMatchObject({ code: "redirect", mayHaveActed: true });
  });
  it("of HEAD stays HEAD, and the answer says where it came from", async () => {
    routes = { "/start": "/end" };
    const answer = await safeFor("follow").request(at("127.0.0.1"), { method: "head" });
    expect([answer.status, answer.url.href]).toEqual([200, at("127.0.0.1", "/end")]);
    await answer.discard();
  });
  it("has one time for all hops", async () => {
    routes = { "/start": "/start" };
    const request = { limits: { totalTimeoutMs: 1 } };
    expect(["timeout", "redirect"]).toContain(await outcome(() => start("follow", request, { maxRedirects: 20 })));
  });
});
