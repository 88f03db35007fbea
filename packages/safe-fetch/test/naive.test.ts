/** The attacks, against what people write: each must succeed here, or the tests that show it fail elsewhere prove nothing. */
import { promises as systemDns } from "node:dns";
import { createServer, type Server } from "node:http";
import { type AddressInfo, isIP, type LookupFunction } from "node:net";
import { Agent, EnvHttpProxyAgent, fetch, request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isPublicAddress } from "../src/address/index.ts";
import { createSafeFetch } from "../src/index.ts";
import type { SafeFetch } from "../src/types.ts";
import { type DnsServer, startDnsServer } from "./support/dns-server.ts";
import { closed, type Listener, listen } from "./support/listeners.ts";
import { ask, outcome } from "./support/read.ts";

/** Stands for the internet, which tests have nothing to do with. */
const OUTSIDE = "127.0.0.2";
const isOutside = (address: string) => isPublicAddress(address) || address === OUTSIDE;

let internal: Listener;
let outside: Listener;
let proxy: Server;
let proxyPort: number;
let dns: DnsServer;
let safe: SafeFetch;

beforeAll(async () => {
  internal = await listen("127.0.0.1");
  outside = await listen(OUTSIDE, 0, (_, response) =>
    response.writeHead(302, { location: `http://127.0.0.1:${internal.port}/` }).end(),
  );
  proxy = createServer((_, response) => response.end("by way of the proxy"));
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  proxyPort = (proxy.address() as AddressInfo).port;
  dns = await startDnsServer({
    "rebinds.test": (asked) => (asked % 2 === 0 ? [OUTSIDE] : ["127.0.0.1"]),
    "outside.test": [OUTSIDE],
  });
  safe = createSafeFetch({
    allow: [
      { host: "rebinds.test", ports: [internal.port], schemes: ["http"], privateAddresses: [OUTSIDE] },
      { host: "outside.test", ports: [outside.port], schemes: ["http"], privateAddresses: [OUTSIDE] },
    ],
    redirects: "follow",
    lookup: dns.lookup,
    limits: { connectTimeoutMs: 1_000 },
  });
});
afterEach(() => {
  delete process.env["http_proxy"];
});
afterAll(() => Promise.all([safe.close(), dns.close(), internal.close(), outside.close(), closed(proxy)]));

const lookedUp = (host: string): Promise<string> =>
  new Promise((resolve, reject) =>
    dns.lookup(host, {}, (error, address) => (error ? reject(error) : resolve(String(address)))),
  );
/** A look-up hook that refuses what is private, as it is often shown. */
const hook: LookupFunction = (host, options, callback) =>
  dns.lookup(host, options, (error, found) => {
    const all = typeof found === "string" ? [found] : found.map(({ address }) => address);
    if (error === null && !all.every(isOutside)) {
      callback(new Error("private"), []);
    } else callback(error, found);
  });

describe("what gets through elsewhere, and not here", () => {
  it("a name that is checked, and looked up again to be dialled", async () => {
    const url = `http://rebinds.test:${internal.port}/`;
    const agent = new Agent({ connect: { lookup: dns.lookup } });
    const naive = async () => {
      if (!isOutside(await lookedUp("rebinds.test"))) throw new Error("private");
      return (await request(url, { dispatcher: agent })).body.text();
    };
    expect(await naive()).toBe("127.0.0.1");
    await agent.destroy();
    const before = internal.connections;
    for (let call = 0; call < 2; call++) {
      expect(["address_not_allowed", "unreachable"]).toContain(await outcome(() => ask(safe, url)));
    }
    expect(internal.connections).toBe(before);
  });

  it("a look-up hook, which nobody asks about an address", async () => {
    const agent = new Agent({ connect: { lookup: hook } });
    for (const host of ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]"]) {
      const url = `http://${host}:${internal.port}/`;
      expect(await (await request(url, { dispatcher: agent })).body.text()).toBe("127.0.0.1");
      expect(await outcome(() => ask(safe, url))).toBe("host_not_allowed");
    }
    await agent.destroy();
  });

  it("a redirect from an allowed host to an address", async () => {
    const agent = new Agent({ connect: { lookup: hook } });
    const url = `http://outside.test:${outside.port}/`;
    expect(await (await fetch(url, { dispatcher: agent })).text()).toBe("127.0.0.1");
    await agent.destroy();
    const before = internal.connections;
    expect(await outcome(() => ask(safe, url))).toBe("host_not_allowed");
    expect(internal.connections).toBe(before);
  });

  it("a proxy of the environment, which goes around every hook", async () => {
    process.env["http_proxy"] = `http://127.0.0.1:${proxyPort}`;
    const agent = new EnvHttpProxyAgent({ connect: { lookup: hook } });
    const url = `http://10.255.255.1:${internal.port}/`;
    expect(await (await request(url, { dispatcher: agent })).body.text()).toBe("by way of the proxy");
    await agent.destroy();
    expect(await outcome(() => ask(safe, url))).toBe("host_not_allowed");
  });

  it("a list of forbidden names, and another spelling", async () => {
    const forbidden = ["127.0.0.1", "localhost", "169.254.169.254"];
    for (const host of ["0x7f.1", "0177.0.0.1", "①②⑦.0.0.1", "[::ffff:7f00:1]", "loc%61lhost"]) {
      const url = `http://${host}:${internal.port}/`;
      expect(forbidden.includes(host)).toBe(false);
      expect(await (await fetch(url)).text()).toBe("127.0.0.1");
      expect(await outcome(() => ask(safe, url))).toBe("host_not_allowed");
    }
  });

  it("the system's resolver agrees that localhost is this machine", async () => {
    const { address } = await systemDns.lookup("localhost");
    expect([isIP(address) > 0, isPublicAddress(address)]).toEqual([true, false]);
  });
});
