import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { FormData, request, fetch as undiciFetch } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSafeFetch } from "../../src/index.ts";
import type { SafeFetch } from "../../src/types.ts";
import { listenOn } from "../support/listeners.ts";
import { outcome, whole } from "../support/read.ts";

let listeners: Awaited<ReturnType<typeof listenOn<"api" | "other" | "evil">>>;
let safe: SafeFetch;
let routes: Readonly<Record<string, string>>;

beforeAll(async () => {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = "", method } = request;
    const location = routes[url];
    if (location !== undefined) return response.writeHead(302, { location }).end("moved");
    if (url === "/bomb")
      return response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(5e6)));
    if (url === "/large") return response.end(Buffer.alloc(5e6));
    if (url === "/empty") return response.writeHead(204).end();
    if (url === "/cookies") return response.writeHead(200, { "set-cookie": ["a=1", "b=2"] }).end();
    if (url === "/gzip") return response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("unpacked"));
    if (url === "/silent") return undefined;
    return response.end(`${method} ${url} ${await whole(request)}`);
  };
  listeners = await listenOn({ api: "127.0.0.1", other: "127.0.0.2", evil: "127.0.0.3" }, answer);
  const ports = [listeners.port];
  safe = createSafeFetch({
    allow: ["127.0.0.1", "127.0.0.2"].map((host) => ({ host, ports, schemes: ["http" as const] })),
    redirects: "follow",
    limits: { maxBytes: 1_000_000, headersTimeoutMs: 500 },
  });
});
beforeEach(() => {
  routes = {};
});
afterAll(async () => {
  await safe.close();
  await Promise.all([listeners.api.close(), listeners.other.close(), listeners.evil.close()]);
});

const at = (path: string, address = "127.0.0.1") => `http://${address}:${listeners.port}${path}`;
type Init = {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  redirect?: "follow" | "manual";
};
interface Got {
  readonly status: number;
  readonly body: string;
}

/** Every way in, so that each promise is held to by all. */
const WAYS: Readonly<Record<string, (url: string, init?: Init) => Promise<Got>>> = {
  request: async (url, { redirect: _, ...init } = {}) => {
    const answer = await safe.request(url, init);
    return { status: answer.status, body: (await whole(answer.body)).toString() };
  },
  fetch: async (url, init) => {
    const answer = await safe.fetch(url, init);
    return { status: answer.status, body: await answer.text() };
  },
  "undici's fetch over the dispatcher": async (url, init) => {
    const answer = await undiciFetch(url, { ...init, dispatcher: safe.dispatcher });
    return { status: answer.status, body: await answer.text() };
  },
  "undici's request over the dispatcher": async (url, { redirect: _, ...init } = {}) => {
    const answer = await request(url, { ...init, dispatcher: safe.dispatcher } as never);
    return { status: answer.statusCode, body: await answer.body.text() };
  },
};

describe.each(Object.entries(WAYS))("%s", (_, go) => {
  it("gets an answer", async () => {
    expect(await go(at("/x"))).toEqual({ status: 200, body: "GET /x " });
    expect(await go(at("/x"), { method: "POST", body: "hé" })).toEqual({ status: 200, body: "POST /x hé" });
    expect(await go(at("/empty"))).toEqual({ status: 204, body: "" });
    expect(await go(at("/gzip"))).toEqual({ status: 200, body: "unpacked" });
  });
  it("reaches nobody who is not allowed", async () => {
    for (const host of ["127.0.0.3", "0x7f.3", "[::ffff:127.0.0.3]", "localhost"]) {
      expect(await outcome(() => go(at("/x", host)))).toBe("host_not_allowed");
    }
    routes = { "/start": at("/end", "127.0.0.3") };
    expect(await outcome(() => go(at("/start")))).toBe("host_not_allowed");
    expect(await outcome(() => go(at("/start"), { redirect: "follow" }))).toBe("host_not_allowed");
    expect(listeners.evil.connections).toBe(0);
  });
  it("leaves credentials behind when it is led to another origin", async () => {
    routes = { "/start": at("/end", "127.0.0.2") };
    const headers = { authorization: "canary", cookie: "canary", "x-api-key": "canary", accept: "text/plain" };
    expect(await go(at("/start"), { headers })).toEqual({ status: 200, body: "GET /end " });
    const seen = listeners.other.seen.at(-1);
    expect(JSON.stringify(seen)).not.toContain("canary");
    expect(seen).toMatchObject({ accept: "text/plain" });
  });
  it.each([
    ["/large", "too_large"],
    ["/bomb", "too_large"],
    ["/silent", "timeout"],
  ])("is bounded: %s ends in %s", async (path, code) => {
    expect(await outcome(() => go(at(path)))).toBe(code);
  });
  it("follows as many redirects as are allowed, and not one more", async () => {
    routes = { "/start": "/start" };
    const before = listeners.api.seen.length;
    expect(await outcome(() => go(at("/start")))).toBe("redirect");
    expect(listeners.api.seen.length - before).toBe(4);
  });
  it("does not send a host of the caller's own", async () => {
    // Undici's fetch takes it away by itself; the others refuse.
    await outcome(() => go(at("/x"), { headers: { host: "internal.test" } }));
    expect(listeners.api.seen.filter(({ host }) => host === "internal.test")).toEqual([]);
  });
  it("ends when the caller leaves", async () => {
    const leaving = new AbortController();
    const before = listeners.api.seen.length;
    const asked = go(at("/silent"), { signal: leaving.signal }).then(
      () => "answered",
      (error: Error) => error.name,
    );
    await expect.poll(() => listeners.api.seen.length, { timeout: 10_000 }).toBe(before + 1);
    leaving.abort();
    expect(await asked).toMatch(/^(?:AbortError|SafeFetchError)$/);
  });
});

describe("fetch", () => {
  it("has the shape of the global's answer", async () => {
    routes = { "/start": "/end" };
    const answer = await safe.fetch(new URL(at("/start#x")));
    expect([answer.url, answer.redirected, answer.ok, answer.type]).toEqual([at("/end"), true, true, "default"]);
    expect((await safe.fetch(at("/cookies"))).headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });
  it("takes a Request, with a body", async () => {
    const answer = await safe.fetch(new Request(at("/x"), { method: "PUT", body: "b", headers: { "x-a": "1" } }));
    expect(await answer.text()).toBe("PUT /x b");
    expect(listeners.api.seen.at(-1)).toMatchObject({ "x-a": "1", "content-length": "1" });
  });
  it("follows as configured, whatever it is told", async () => {
    const strict = createSafeFetch({ allow: [{ host: "127.0.0.1", ports: [listeners.port], schemes: ["http"] }] });
    routes = { "/start": "/end" };
    expect(await outcome(() => strict.fetch(at("/start"), { redirect: "follow" }))).toBe("redirect");
    await strict.close();
  });
  it("fails as the global does, with our error as its cause", async () => {
    await expect(safe.fetch("http://192.168.0.1/")).rejects.toMatchObject({
      name: "TypeError",
      cause: { name: "SafeFetchError", code: "host_not_allowed" },
    });
  });
  it("ignores a dispatcher that is smuggled in", async () => {
    const smuggled = { dispatch: () => expect.unreachable() };
    expect((await safe.fetch(at("/x"), { dispatcher: smuggled } as never)).status).toBe(200);
  });
  it("lets go of an answer that is cancelled", async () => {
    const answer = await safe.fetch(at("/x"));
    await answer.body?.cancel();
    expect(await (await safe.fetch(at("/x"))).text()).toBe("GET /x ");
  });
});

describe("the dispatcher", () => {
  it("sends forms and streams of undici's", async () => {
    const form = new FormData();
    form.set("a", "b");
    const { dispatcher } = safe;
    const answer = await undiciFetch(at("/x"), { method: "POST", body: form, dispatcher });
    expect(await answer.text()).toMatch(/POST \/x -+.*name="a"\r\n\r\nb\r\n/s);
  });
  it.each([
    ["a tunnel", { method: "CONNECT", path: "127.0.0.3:80" }],
    ["an upgrade", { method: "GET", path: "/x", upgrade: "websocket" }],
    ["a path that ends the host", { method: "GET", path: "@127.0.0.3/" }],
    ["a path that goes on with the host", { origin: "http://127.0.0.1", method: "GET", path: ".evil.test/" }],
    ["another host behind the path", { method: "GET", path: "http://127.0.0.3/" }],
  ])("refuses %s", async (_, options) => {
    const asked = new Promise((_resolve, reject) => {
      safe.dispatcher.dispatch({ origin: at(""), ...options } as never, {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: () => {},
        onResponseEnd: () => {},
        onResponseError: (_controller, error) => reject(error),
      });
    });
    await expect(asked).rejects.toMatchObject({ code: "invalid_request" });
  });
  it("is refused by the global fetch of Node, which speaks an older undici, and does not fall back", async () => {
    const before = listeners.api.connections;
    await expect(fetch(at("/x"), { dispatcher: safe.dispatcher } as never)).rejects.toThrow();
    expect(listeners.api.connections).toBe(before);
  });
});
