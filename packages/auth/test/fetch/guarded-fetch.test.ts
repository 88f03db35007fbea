import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { createGuardedFetch, type GuardedFetchOptions } from "../../src/fetch/guarded-fetch.ts";
import { publicLookup, refusePrivateLiteral } from "../../src/fetch/public-address.ts";

let ca: string;
let port: number;
let answer: RequestListener = (_, response) => response.end("ok");
let reached = 0;
let close: () => void;

beforeAll(async () => {
  const authority = await createTestCa();
  ca = authority.cert;
  const server = createServer(
    await authority.issue({ names: ["localhost", "127.0.0.1", "as.example"] }),
    (...exchange) => {
      reached++;
      answer(...exchange);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(() => close());

const fetching = (options: Partial<GuardedFetchOptions> = {}) =>
  createGuardedFetch({ ca, privateAddresses: "allow", timeoutMs: 2_000, ...options });
const url = (host = "localhost", scheme = "https") => new URL(`${scheme}://${host}:${port}/x`);
/** A resolver that says what the test wants. */
const resolving =
  (...addresses: string[]): LookupFunction =>
  (_, options, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (options.all === true) callback(null, found);
    else callback(null, found[0]?.address ?? "", found[0]?.family ?? 4);
  };

describe("guarded fetch", () => {
  it("fetches, where it may", async () => {
    answer = (_, response) => response.writeHead(201, { "x-a": "b" }).end("höflich");
    const { status, headers, body } = await fetching()(url());
    expect([status, headers.get("X-A"), body]).toEqual([201, "b", "höflich"]);
  });

  it("sends a body with its length", async () => {
    answer = (request, response) => {
      request
        .setEncoding("utf8")
        .on("data", (chunk) => response.end(`${request.method} ${request.headers["content-length"]} ${chunk}`));
    };
    expect((await fetching()(url(), { method: "POST", body: "ä" })).body).toBe("POST 2 ä");
  });

  it.each([
    ["a name that is this machine", () => url("localhost"), {}],
    ["127.0.0.1", () => url("127.0.0.1"), {}],
    ["127.0.0.1 in hexadecimal", () => url("0x7f.1"), {}],
    ["127.0.0.1 as one number", () => url("2130706433"), {}],
    ["::1", () => url("[::1]"), {}],
    ["IPv4 in IPv6", () => url("[::ffff:127.0.0.1]"), {}],
    ["the cloud's metadata service", () => url("169.254.169.254"), {}],
    ["a private address", () => url("10.0.0.1"), {}],
    ["a name that is at a private address", () => url("as.example"), { lookup: resolving("10.0.0.1") }],
    [
      "a name with one private address among others",
      () => url("as.example"),
      { lookup: resolving("93.184.216.34", "127.0.0.1") },
    ],
    ["a name without an address", () => url("as.example"), { lookup: resolving() }],
  ])("refuses %s", async (_, target, options) => {
    const before = reached;
    await expect(fetching({ privateAddresses: "refuse", ...options })(target())).rejects.toMatchObject({
      code: "private-address",
    });
    expect(reached).toBe(before);
  });

  it("hands the very addresses that were checked to the socket: another answer the next time gains nothing", async () => {
    let asked = 0;
    const lookup: LookupFunction = (host, options, callback) => {
      resolving(asked++ === 0 ? "93.184.216.34" : "127.0.0.1")(host, options, callback);
    };
    const dialled = await new Promise((resolve) =>
      publicLookup(lookup)("as.example", {}, (_, ...address) => resolve(address)),
    );
    expect([asked, dialled]).toEqual([1, ["93.184.216.34", 4]]);
  });

  it.each([301, 302, 303, 307, 308])("does not follow a %d", async (status) => {
    answer = (request, response) => {
      if (request.url === "/x") response.writeHead(status, { location: "/y" }).end();
      else response.end("followed");
    };
    const before = reached;
    await expect(fetching()(url())).rejects.toMatchObject({ code: "redirect" });
    expect(reached).toBe(before + 1);
  });

  it.each([
    ["http", () => url("localhost", "http")],
    ["a user name in the URL", () => new URL(`https://a:b@localhost:${port}/`)],
    ["a file", () => new URL("file:///etc/passwd")],
  ])("refuses %s", async (_, target) => {
    await expect(fetching()(target())).rejects.toMatchObject({ code: "not-https" });
  });

  it("stops reading at the limit, and takes what is exactly as long", async () => {
    answer = (_, response) => response.end("a".repeat(1_000));
    expect((await fetching({ maxBytes: 1_000 })(url())).body).toHaveLength(1_000);
    await expect(fetching({ maxBytes: 999 })(url())).rejects.toMatchObject({ code: "too-large" });
  });

  it.each([
    ["never answers", () => undefined],
    [
      "never ends its answer",
      (_: unknown, response: import("node:http").ServerResponse) => response.writeHead(200).write("a"),
    ],
  ] as const)("gives up on one who %s", async (_, behaviour) => {
    answer = behaviour as RequestListener;
    await expect(fetching({ timeoutMs: 200 })(url())).rejects.toMatchObject({ code: "timeout" });
  });

  it("refuses compressed answers, whose size nobody knows, and bytes that are not UTF-8", async () => {
    answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x");
    await expect(fetching()(url())).rejects.toMatchObject({ code: "encoding" });
    answer = (_, response) => response.end(Buffer.from([0xff]));
    await expect(fetching()(url())).rejects.toMatchObject({ code: "encoding" });
  });

  it("refuses a certificate by an authority it was not told to trust", async () => {
    answer = (_, response) => response.end("ok");
    await expect(fetching({ ca: (await createTestCa()).cert })(url())).rejects.toMatchObject({ code: "failed" });
    await expect(fetching({ ca: undefined })(url())).rejects.toMatchObject({ code: "failed" });
  });

  it("ends what is under way when it is told to", async () => {
    answer = () => undefined;
    const stop = new AbortController();
    const fetched = fetching({ signal: stop.signal })(url());
    stop.abort();
    await expect(fetched).rejects.toMatchObject({ code: "failed" });
  });
});

describe("public addresses", () => {
  it.each(["93.184.216.34", "[2606:2800:220:1::1]"])("%s is one", (address) => {
    expect(() => refusePrivateLiteral(address)).not.toThrow();
  });
  it.each([
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1", "192.0.2.1"],
    ...["198.18.0.1", "224.0.0.1", "255.255.255.255", "[::]", "[::1]", "[fe80::1]", "[fc00::1]", "[ff02::1]"],
    ...["[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]", "[::ffff:10.0.0.1]"],
    // What ipaddr.js 2.5.0, which judged before, calls public.
    ...["[::127.0.0.1]", "[::7f00:1]", "[::2]", "[1::1]", "[4000::1]", "[100:0:0:1::1]", "168.63.129.16"],
    ...["[::5efe:7f00:1]", "[2606:2800:220:1:0:5efe:7f00:1]", "[2606:2800:220:1:200:5efe:a00:1]"],
  ])("%s is none", (address) => {
    expect(() => refusePrivateLiteral(address)).toThrow(expect.objectContaining({ code: "private-address" }));
  });
});
