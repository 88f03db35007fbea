/**
 * mcp-server-fetch (modelcontextprotocol/servers #3741, #4116, #4226, #4492, #4838): a tool that fetches whatever URL a model names, follows
 * redirects by itself and judges no address: loopback, private networks and metadata services answer through it. #3741 offers a list of
 * patterns for the host; a name that leads inside, a redirect and another spelling of an address go past it.
 */
import type { LookupFunction } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configSchema } from "../../src/config/schema.ts";
import { openPages, type Pages } from "../../src/fetch-url/pages.ts";
import { readPage } from "../../src/fetch-url/read-page.ts";
import { type HttpUpstream, httpUpstream } from "../support/upstreams/index.ts";

const CANARY = "canary-inside";
/** As proposed in #3741, in our words: hosts by how they are written. */
const WRITTEN_INSIDE = /^(?:169\.254\.|10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|127\.|0\.|::1$|fc00:|fe80:)/i;

let inside: HttpUpstream;
let site: HttpUpstream;
const opened: Pages[] = [];
beforeEach(async () => {
  inside = await httpUpstream(() => ({ headers: { "content-type": "text/plain" }, body: CANARY }), "127.0.0.2");
  site = await httpUpstream(({ target }) => ({
    status: 302,
    headers: { location: decodeURIComponent(target.slice(1)) },
  }));
});
afterEach(async () => {
  for (const pages of opened.splice(0)) await pages.close();
  await inside[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const portOf = ({ origin }: HttpUpstream) => Number(new URL(origin).port);
const leadsTo =
  (address: string): LookupFunction =>
  (_host, _options, callback) =>
    callback(null, [{ address, family: address.includes(":") ? 6 : 4 }]);

/** Reads with hosts of the web allowed, on the ports of both listeners; `lookup` says where their names lead. */
function reading(lookup = leadsTo("127.0.0.2")) {
  const web = { ports: [portOf(inside), portOf(site)], schemes: ["http"] };
  const { fetchUrl } = configSchema.parse({
    fetchUrl: {
      allow: [
        { host: "*.example.com", ...web },
        { host: "127.0.0.1", ports: [portOf(site)], schemes: ["http"] },
      ],
    },
  });
  const pages = openPages(fetchUrl!, { egressProxy: undefined, lookup });
  opened.push(pages);
  return async (url: string) => {
    try {
      return (await readPage(pages, url, new AbortController().signal)).text;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
}

const SPELLINGS = ["127.0.0.2", "127.2", "2130706434", "0x7f.0.0.2", "0177.0.0.2", "[::ffff:127.0.0.2]"];

describe("mcp-server-fetch: private addresses", () => {
  it.each(SPELLINGS)("%s is read by what just fetches, and not here", async (host) => {
    const url = `http://${host}:${portOf(inside)}/`;
    expect(await (await fetch(url)).text()).toBe(CANARY);
    const before = inside.connections();
    expect(await reading()(url)).toBe("denied");
    expect(inside.connections()).toBe(before);
  });

  it.each(["169.254.169.254", "[fd00:ec2::254]", "168.63.129.16", "metadata.google.internal", "localhost"])(
    "%s is not asked",
    async (host) => {
      expect(await reading()(`http://${host}:${portOf(inside)}/latest/meta-data/`)).toBe("denied");
      expect(inside.connections()).toBe(0);
    },
  );

  it.each(["127.0.0.2", "::ffff:127.0.0.2", "10.0.0.1", "169.254.169.254", "fd00:ec2::254", "0.0.0.0"])(
    "a name that is allowed and leads to %s is not asked, whatever it is called",
    async (address) => {
      const url = `http://docs.example.com:${portOf(inside)}/`;
      expect(WRITTEN_INSIDE.test(new URL(url).hostname)).toBe(false);
      expect(await reading(leadsTo(address))(url)).toBe("unavailable");
      expect(inside.connections()).toBe(0);
    },
  );
});

describe("mcp-server-fetch: redirects to them", () => {
  it.each(SPELLINGS)("to %s is followed by what just fetches, and not here", async (host) => {
    const url = `${site.origin}/${encodeURIComponent(`http://${host}:${portOf(inside)}/`)}`;
    expect(await (await fetch(url)).text()).toBe(CANARY);
    const before = inside.connections();
    expect(await reading()(url)).toBe("denied");
    expect(inside.connections()).toBe(before);
  });

  it("to a name that is allowed and leads inside is not followed", async () => {
    const url = `${site.origin}/${encodeURIComponent(`http://docs.example.com:${portOf(inside)}/`)}`;
    expect(await reading()(url)).toBe("unavailable");
    expect([site.requests.length, inside.connections()]).toEqual([1, 0]);
  });

  it("patterns for hosts do not stop them: the mapped form passes, and leads there", async () => {
    const url = new URL(`http://[::ffff:127.0.0.2]:${portOf(inside)}/`);
    expect(WRITTEN_INSIDE.test(url.hostname)).toBe(false);
    expect(await (await fetch(url)).text()).toBe(CANARY);
  });
});
