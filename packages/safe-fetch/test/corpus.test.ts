import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafeFetch } from "../src/index.ts";
import type { SafeFetch } from "../src/types.ts";
import { INTERNAL_IPV4, INTERNAL_IPV6, INTERNAL_NAMES, TWINS } from "./corpus/internal.ts";
import { embeddingSpellings, ipv4Spellings } from "./corpus/spellings.ts";
import { CONFUSING_URLS } from "./corpus/urls.ts";
import { type DnsServer, startDnsServer } from "./support/dns-server.ts";
import { listenOn } from "./support/listeners.ts";
import { ask, outcome } from "./support/read.ts";

/** Of web-platform-tests: what is written, what it is relative to, and the host it leads to over http or https. */
const WPT: readonly (readonly [input: string, base: string | null, host: string | null])[] = JSON.parse(
  readFileSync(new URL("corpus/web-platform-tests/urls.json", import.meta.url), "utf8"),
);

const ALLOWED = { allowed: "127.0.0.3" } as const;
const FORBIDDEN = { one: "127.0.0.1", two: "127.0.0.2", six: "::1" } as const;

let listeners: Awaited<ReturnType<typeof listenOn<keyof typeof ALLOWED | keyof typeof FORBIDDEN>>>;
let dns: DnsServer;
let safe: SafeFetch;

beforeAll(async () => {
  listeners = await listenOn({ ...ALLOWED, ...FORBIDDEN });
  // Whatever name gets as far as a look-up leads to a listener that must not be reached.
  dns = await startDnsServer({ "allowed.test": ["127.0.0.3"], "*": ["127.0.0.1", "::1"] });
  safe = createSafeFetch({
    allow: [
      { host: "allowed.test", ports: [listeners.port], schemes: ["http"], privateAddresses: ["127.0.0.3"] },
      { host: "*.names.test", ports: [listeners.port], schemes: ["http"] },
    ],
    redirects: "follow",
    lookup: dns.lookup,
  });
});
afterAll(async () => {
  await safe.close();
  await Promise.all([dns.close(), listeners.allowed.close(), listeners.one.close()]);
  await Promise.all([listeners.two.close(), listeners.six.close()]);
});

const forbidden = () => listeners.one.connections + listeners.two.connections + listeners.six.connections;
const at = (host: string) => `http://${host}:${listeners.port}/`;
/** Which of `urls` were not refused before anything was dialled, and how often a listener was reached that must not be. */
async function refused(urls: readonly string[], codes = ["host_not_allowed", "invalid_request"]): Promise<void> {
  const before = forbidden();
  const through: string[] = [];
  for (const url of urls) {
    const code = await outcome(() => ask(safe, url));
    if (!codes.includes(code)) through.push(`${code}: ${url}`);
  }
  expect(through).toEqual([]);
  expect(forbidden()).toBe(before);
}

describe("no spelling of an address reaches a listener that is not allowed", () => {
  it.each(INTERNAL_IPV4)("%s, as IPv4", async (address) => {
    await refused(ipv4Spellings(address).map(({ host }) => at(host)));
  });
  it.each(INTERNAL_IPV4)("%s, within IPv6", async (address) => {
    await refused(embeddingSpellings(address).map(({ host }) => at(host)));
  });
  it("IPv6, with and without a zone", async () => {
    await refused(
      INTERNAL_IPV6.flatMap((address) => [at(`[${address}]`), at(`[${address}%25lo]`), at(`[${address}%lo]`)]),
    );
  });
  it("names of metadata services and of this machine", async () => {
    await refused(INTERNAL_NAMES.map(at));
  });
  it("twins of the allowed name", async () => {
    await refused(TWINS.map(at));
  });
  it.each(["127.0.0.1", "127.0.0.2", "[::1]", "localhost"])("URLs that lead two ways, to %s", async (host) => {
    await refused(CONFUSING_URLS.map((url) => url.replaceAll("HOST", host).replaceAll("PORT", String(listeners.port))));
  });
  it("web-platform-tests' URLs, as they are", async () => {
    const hosts = WPT.flatMap(([input, base]) => URL.parse(input, base ?? undefined)?.href ?? input);
    await refused(hosts);
  });
  it("web-platform-tests' URLs, on the port where everyone listens", async () => {
    const moved = WPT.flatMap(([input, base]) => {
      const url = URL.parse(input, base ?? undefined);
      if (url === null || !/^https?:$/.test(url.protocol)) return [];
      url.port = String(listeners.port);
      url.protocol = "http:";
      return [url.href];
    });
    expect(moved.length).toBeGreaterThan(200);
    await refused(moved);
  });
});

describe("no name of an allowed suffix reaches a listener by where it leads", () => {
  const answers = [...INTERNAL_IPV4, ...INTERNAL_IPV6].concat(
    INTERNAL_IPV4.flatMap((address) => embeddingSpellings(address).map(({ host }) => host.slice(1, -1))),
  );
  it(`${answers.length} answers of a resolver`, async () => {
    const zone = Object.fromEntries(answers.map((address, index) => [`n${index}.names.test`, [address]]));
    const server = await startDnsServer(zone);
    const before = forbidden();
    const own = createSafeFetch({
      allow: [{ host: "*.names.test", ports: [listeners.port], schemes: ["http"] }],
      lookup: server.lookup,
    });
    const codes: string[] = [];
    // By turns: a burst of questions overflows the buffer of a socket, and the answers look like none.
    for (const index of answers.keys()) codes.push(await outcome(() => ask(own, at(`n${index}.names.test`))));
    expect(answers.filter((_, index) => codes[index] !== "address_not_allowed")).toEqual([]);
    expect(forbidden()).toBe(before);
    await own.close();
    await server.close();
  });
});

describe("whatever is allowed is reached", () => {
  it("the allowed name, however a URL may write it", async () => {
    const spellings = [
      ...[
        "allowed.test",
        "ALLOWED.test",
        "allowed%2etest",
        "allowed。test",
        "ａｌｌｏｗｅｄ．ｔｅｓｔ",
        "al\tlowed.test",
      ],
      ...["allow\u00aded.test", "ⓐⓛⓛⓞⓦⓔⓓ.test", "allowed\n.test"],
    ];
    for (const host of spellings) expect(await ask(safe, at(host))).toMatchObject({ body: "127.0.0.3" });
  });
  it.each(Object.values(FORBIDDEN))("%s, once a rule names it, in every spelling", async (address) => {
    const own = createSafeFetch({ allow: [{ host: address, ports: [listeners.port], schemes: ["http"] }] });
    const hosts = address.includes(":")
      ? ["[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]"]
      : ipv4Spellings(address)
          .map(({ host }) => host)
          .filter((host) => URL.parse(at(host))?.hostname === address);
    expect(hosts.length).toBeGreaterThan(2);
    for (const host of hosts) expect(await ask(own, at(host))).toMatchObject({ body: address });
    await own.close();
  });
});

it("the corpus is as large as it says", () => {
  const count =
    INTERNAL_IPV4.length * (ipv4Spellings("1.2.3.4").length + embeddingSpellings("1.2.3.4").length) +
    INTERNAL_IPV6.length * 3 +
    INTERNAL_NAMES.length +
    TWINS.length +
    CONFUSING_URLS.length +
    WPT.length;
  expect(count).toBeGreaterThan(1_500);
});
