import type { LookupFunction } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createConnector } from "../../src/dial/connector.ts";
import { openSocket } from "../../src/dial/open-socket.ts";
import type { HostRule } from "../../src/host-rule.ts";
import { createSafeFetch } from "../../src/index.ts";
import { compileRules } from "../../src/rules/compile-rules.ts";
import type { SafeFetch, SafeFetchOptions } from "../../src/types.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { listenOn } from "../support/listeners.ts";
import { ask, outcome, whole } from "../support/read.ts";

let listeners: Awaited<ReturnType<typeof listenOn<"one" | "two" | "six">>>;
let dns: DnsServer;
const open: SafeFetch[] = [];

beforeAll(async () => {
  listeners = await listenOn({ one: "127.0.0.1", two: "127.0.0.2", six: "::1" });
  dns = await startDnsServer({
    "rebinds.test": (asked) => (asked === 0 ? ["127.0.0.1"] : ["127.0.0.2"]),
    "mixed.test": ["127.0.0.1", "127.0.0.2"],
    "mixed-public.test": ["93.184.216.34", "127.0.0.1"],
    "both-families.test": ["127.0.0.1", "::1"],
    "one.test": ["127.0.0.1"],
    "also-one.test": ["127.0.0.1"],
    "six.test": ["::1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "alias.test": [{ cname: "one.test" }, "127.0.0.1"],
    "metadata.test": ["169.254.169.254"],
    "nowhere.test": [],
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((safe) => safe.close()));
});
afterAll(async () => {
  await Promise.all([dns.close(), listeners.one.close(), listeners.two.close(), listeners.six.close()]);
});

const rule = (host: string, privateAddresses: HostRule["privateAddresses"] = "refuse"): HostRule => ({
  host,
  ports: [listeners.port],
  schemes: ["http"],
  privateAddresses,
});
function safeFor(allow: readonly HostRule[], options: Partial<SafeFetchOptions> = {}): SafeFetch {
  const safe = createSafeFetch({ allow, lookup: dns.lookup, ...options });
  open.push(safe);
  return safe;
}
const at = (host: string) => `http://${host}:${listeners.port}/`;
const counts = () => [listeners.one, listeners.two, listeners.six].map(({ connections }) => connections);

describe("what a name leads to is judged when it is dialled", () => {
  it.each(["one.test", "six.test", "mixed.test", "mixed-public.test", "mapped.test", "alias.test", "metadata.test"])(
    "%s: a private address is refused",
    async (host) => {
      const before = counts();
      expect(await outcome(() => ask(safeFor([rule(host)]), at(host)))).toBe("address_not_allowed");
      expect(counts()).toEqual(before);
    },
  );

  it("a name that rebinds after it was checked is refused at the next connection", async () => {
    const safe = safeFor([rule("rebinds.test", ["127.0.0.1"])]);
    const first = await safe.request(at("rebinds.test"));
    const before = counts();
    // Its connection is taken, so this one needs another, and another look-up.
    expect(await outcome(() => ask(safe, at("rebinds.test")))).toBe("address_not_allowed");
    expect((await whole(first.body)).toString()).toBe("127.0.0.1");
    expect(counts()).toEqual(before);
  });

  it("is asked for once a connection: what was checked is what is dialled", async () => {
    const [asked, connections] = [dns.asked("one.test"), listeners.one.connections];
    const safe = safeFor([rule("one.test", ["127.0.0.1"])]);
    for (let call = 0; call < 5; call++) await ask(safe, at("one.test"));
    expect(dns.asked("one.test") - asked).toBe(listeners.one.connections - connections);
    expect(listeners.one.connections - connections).toBeLessThan(5);
  });

  it("one address out of many that is not opened refuses all of them", async () => {
    const before = counts();
    const safe = safeFor([rule("mixed.test", ["127.0.0.1"])]);
    expect(await outcome(() => ask(safe, at("mixed.test")))).toBe("address_not_allowed");
    expect(counts()).toEqual(before);
  });

  it("all of them opened: each may be dialled, in both families", async () => {
    const safe = safeFor([rule("both-families.test", "allow")]);
    expect(await ask(safe, at("both-families.test"))).toMatchObject({ status: 200 });
  });

  it("a name without an address is unreachable, and so is a resolver that fails", async () => {
    const throwing: LookupFunction = () => {
      throw new Error("down");
    };
    expect(await outcome(() => ask(safeFor([rule("nowhere.test")]), at("nowhere.test")))).toBe("unreachable");
    const safe = safeFor([rule("one.test")], { lookup: throwing });
    expect(await outcome(() => ask(safe, at("one.test")))).toBe("unreachable");
  });

  it("a resolver that answers with no address is refused", async () => {
    const odd: LookupFunction = (_, __, callback) => callback(null, [{ address: "0x7f.1", family: 4 }]);
    const safe = safeFor([rule("one.test", "allow")], { lookup: odd });
    expect(await outcome(() => ask(safe, at("one.test")))).toBe("address_not_allowed");
  });

  it("a resolver that never answers is given up on", async () => {
    const silent: LookupFunction = () => {};
    const safe = safeFor([rule("one.test")], { lookup: silent, limits: { connectTimeoutMs: 100 } });
    expect(await outcome(() => ask(safe, at("one.test")))).toBe("timeout");
  });
});

describe("what is opened for one is opened for nobody else", () => {
  it("another name that leads to the same address", async () => {
    const safe = safeFor([rule("one.test", "allow"), rule("also-one.test")]);
    expect(await ask(safe, at("one.test"))).toMatchObject({ body: "127.0.0.1" });
    expect(await outcome(() => ask(safe, at("also-one.test")))).toBe("address_not_allowed");
    expect(await outcome(() => ask(safe, at("127.0.0.1")))).toBe("host_not_allowed");
  });
  it("another port of the same name", async () => {
    const safe = safeFor([rule("one.test", "allow"), { host: "one.test", ports: [1], schemes: ["http"] }]);
    expect(await outcome(() => ask(safe, "http://one.test:1/"))).toBe("address_not_allowed");
  });
  it("a name below a suffix, by what is opened for one of them", async () => {
    const safe = safeFor([rule("a.one.test", "allow"), rule("*.one.test")], {
      lookup: (_, __, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    expect(await ask(safe, at("a.one.test"))).toMatchObject({ status: 200 });
    expect(await outcome(() => ask(safe, at("b.one.test")))).toBe("address_not_allowed");
  });
  it("a literal, the address next to it", async () => {
    const safe = safeFor([rule("127.0.0.1")]);
    expect(await ask(safe, at("127.0.0.1"))).toMatchObject({ body: "127.0.0.1" });
    expect(await outcome(() => ask(safe, at("127.0.0.2")))).toBe("host_not_allowed");
    expect(await outcome(() => ask(safe, at("[::1]")))).toBe("host_not_allowed");
  });
  it("localhost opens loopback by the system's resolver", async () => {
    const safe = createSafeFetch({ allow: [rule("localhost")] });
    open.push(safe);
    expect(await ask(safe, at("localhost"))).toMatchObject({ status: 200 });
    // Many connections at once share a look-up, and each is dialled.
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => (await ask(safe, at("localhost"))).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe("the dialler itself", () => {
  it("holds against the rules whatever it is asked for, whoever asks", async () => {
    const connect = createConnector({
      rules: compileRules([rule("127.0.0.1")]),
      lookup: undefined,
      tls: {},
      proxy: undefined,
      dials: new Set(),
      timeoutMs: 5_000,
    });
    const dial = (hostname: string, port = String(listeners.port)) =>
      new Promise((resolve, reject) => {
        connect({ protocol: "http:", hostname, port }, (error, socket) => {
          socket?.destroy();
          if (error === null) resolve("connected");
          else reject(error);
        });
      });
    expect(await dial("127.0.0.1")).toBe("connected");
    for (const other of ["127.0.0.2", "::1", "localhost"]) {
      await expect(dial(other)).rejects.toMatchObject({ code: "host_not_allowed" });
    }
    await expect(dial("127.0.0.1", "1")).rejects.toMatchObject({ code: "host_not_allowed" });
  });

  it("stops when the client is closed, in the middle of a look-up", async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const safe = safeFor([rule("one.test")], { lookup: () => resolve() });
    const ended = outcome(() => ask(safe, at("one.test")));
    await asked;
    await safe.close();
    expect(await ended).toBe("closed");
  });

  it("looks at where the socket ended up, whatever was meant", async () => {
    // 0.0.0.0 connects to this machine; were it ever opened, the kernel's answer would give it away.
    const meant = { family: 4, bits: 0n, text: "0.0.0.0" } as const;
    const before = listeners.one.seen.length;
    await expect(openSocket([meant], listeners.port, new AbortController().signal)).rejects.toMatchObject({
      code: "address_not_allowed",
    });
    expect(listeners.one.seen.length).toBe(before);
  });

  it("tries the next address where nobody listens on the first", async () => {
    const lookup: LookupFunction = (_, __, callback) =>
      callback(
        null,
        ["127.0.0.9", "127.0.0.1"].map((address) => ({ address, family: 4 })),
      );
    const safe = safeFor([rule("one.test", "allow")], { lookup });
    expect(await ask(safe, at("one.test"))).toMatchObject({ body: "127.0.0.1" });
  });
});
