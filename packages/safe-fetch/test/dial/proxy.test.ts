import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSafeFetch } from "../../src/index.ts";
import type { SafeFetch, SafeFetchOptions } from "../../src/types.ts";
import { closed, type Listener, listen } from "../support/listeners.ts";
import { ask, outcome } from "../support/read.ts";

let upstream: Listener;
let proxy: Server;
let proxyPort: number;
let tunnels: { readonly authority: string; readonly authorization: string | undefined }[];
const sockets: Socket[] = [];
let whole: string[];
let answer: "connect" | "refuse" | "silent" | "early";
let safe: SafeFetch | undefined;

beforeAll(async () => {
  upstream = await listen("127.0.0.1");
  proxy = createServer((request, response) => {
    whole.push(String(request.url));
    response.end("the proxy saw everything");
  });
  // A tunnel is no longer the server's, so closing the server does not end it.
  proxy.on("connection", (socket) => sockets.push(socket));
  proxy.on("connect", (request, socket) => {
    tunnels.push({ authority: String(request.url), authorization: request.headers["proxy-authorization"] });
    if (answer === "silent") return;
    if (answer === "refuse") return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    if (answer === "early")
      return socket.write("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
    // As an egress proxy does: it resolves, and so it decides.
    const to = connect(upstream.port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      to.pipe(socket).pipe(to);
    });
    to.on("error", () => socket.destroy());
    socket.on("error", () => to.destroy());
    return undefined;
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  proxyPort = (proxy.address() as AddressInfo).port;
});
beforeEach(() => {
  tunnels = [];
  whole = [];
  answer = "connect";
});
afterEach(async () => {
  await safe?.close();
  for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "NODE_USE_ENV_PROXY"])
    delete process.env[name];
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  return Promise.all([closed(proxy), upstream.close()]);
});

function through(options: Partial<SafeFetchOptions> = {}, user = ""): SafeFetch {
  safe = createSafeFetch({
    allow: [{ host: "api.test", ports: [upstream.port], schemes: ["http"] }],
    proxy: { url: `http://${user}127.0.0.1:${proxyPort}` },
    ...options,
  });
  return safe;
}
const url = () => `http://api.test:${upstream.port}/x`;

describe("through a proxy that was configured", () => {
  it("everything goes by a tunnel, http as well, and the name is looked up there", async () => {
    expect(await ask(through(), url())).toMatchObject({ body: "127.0.0.1" });
    expect(tunnels).toEqual([{ authority: `api.test:${upstream.port}`, authorization: undefined }]);
    expect(whole).toEqual([]);
  });
  it("the proxy gets its credentials, the origin does not", async () => {
    await ask(through({}, "user:p%40ss@"), url());
    expect(tunnels[0]?.authorization).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
    expect(upstream.seen.at(-1)).not.toHaveProperty("proxy-authorization");
  });
  it("hosts, ports and literals are held against the rules before it is asked", async () => {
    const one = through();
    for (const other of ["http://other.test/", "http://169.254.169.254/", `http://api.test:${proxyPort}/`]) {
      expect(await outcome(() => ask(one, other))).toBe("host_not_allowed");
    }
    expect(tunnels).toEqual([]);
  });
  it.each([
    ["refuse", "unreachable"],
    ["silent", "timeout"],
    ["early", "unreachable"],
  ] as const)("one that answers with %s ends in %s", async (how, code) => {
    answer = how;
    const limits = { connectTimeoutMs: how === "silent" ? 300 : 20_000 };
    expect(await outcome(() => ask(through({ limits }), url()))).toBe(code);
  });
});

it("proxies of the environment are ignored", async () => {
  for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"]) {
    process.env[name] = `http://127.0.0.1:${proxyPort}`;
  }
  process.env["NODE_USE_ENV_PROXY"] = "1";
  safe = createSafeFetch({ allow: [{ host: "127.0.0.1", ports: [upstream.port], schemes: ["http"] }] });
  expect(await ask(safe, `http://127.0.0.1:${upstream.port}/`)).toMatchObject({ body: "127.0.0.1" });
  expect([tunnels, whole]).toEqual([[], []]);
});
