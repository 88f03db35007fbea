import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/config-error.ts";
import { parseAddress } from "../../src/http/proxy/address.ts";
import { parseTrustedProxies } from "../../src/http/proxy/trusted.ts";

describe("trusted proxies", () => {
  it.each<[string, string, boolean]>([
    ["10.0.0.5", "10.0.0.5", true],
    ["10.0.0.5", "10.0.0.6", false],
    ["10.0.0.0/30", "10.0.0.3", true],
    ["10.0.0.0/30", "10.0.0.4", false],
    ["10.0.0.128/25", "10.0.0.127", false],
    ["10.0.0.4/31", "10.0.0.5", true],
    ["10.0.0.5/32", "10.0.0.4", false],
    ["10.0.0.0/8", "10.255.255.255", true],
    ["10.0.0.0/8", "11.0.0.0", false],
    // An IPv4 client of a socket on `::`, in both its spellings.
    ["10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["10.0.0.0/8", "::FFFF:0a01:0203", true],
    ["10.0.0.0/8", "::ffff:11.1.2.3", false],
    // Other addresses with the same 32 bits are other addresses.
    ["10.0.0.0/8", "::10.1.2.3", false],
    ["10.0.0.0/8", "64:ff9b::10.1.2.3", false],
    ["2001:db8::/32", "2001:DB8:0:0::7", true],
    ["2001:db8::/32", "2001:db9::", false],
    ["2001:db8:0:0:8000::/65", "2001:db8::7fff:ffff:ffff:ffff", false],
    ["2001:db8::1", "2001:0db8:0000::0001", true],
    ["::1", "::1", true],
    ["::1", "127.0.0.1", false],
    // No IPv6 block takes IPv4 in, though the number of a mapped address may lie in it.
    ["::/8", "10.0.0.1", false],
    ["::/8", "::ffff:10.0.0.1", false],
    ["::/8", "::1", true],
    ["fe80::/10", "fe80::1%eth0", false],
  ])("%s: %s is %s", (entry, address, trusted) => {
    expect(parseTrustedProxies([entry]).has(parseAddress(address))).toBe(trusted);
  });

  it.each<[string, RegExp]>([
    ["0.0.0.0/0", /strangers/],
    ["::/0", /strangers/],
    ["::0/0", /strangers/],
    ["0.0.0.0/1", /strangers/],
    ["128.0.0.0/1", /strangers/],
    ["::/1", /strangers/],
    ["::ffff:0:0/96", /IPv6 form/],
    ["::ffff:10.0.0.5", /IPv6 form\. Write 10\.0\.0\.5/],
    ["::/6", /strangers/],
    ["10.0.0.1/8", /bits set/],
    ["10.0.0.5/31", /bits set/],
    ["2001:db8::1/64", /bits set/],
    ["10.0.0.0/33", /over \/32/],
    ["::1/129", /over \/128/],
    ...[
      "",
      "proxy.example",
      "localhost",
      "10.0.0",
      "10.0.0.256",
      "010.0.0.1",
      "0x0a000005",
      "167772165",
      " 10.0.0.5",
      "10.0.0.5 ",
      "10.0.0.5/",
      "10.0.0.5/08",
      "10.0.0.5/+8",
      "10.0.0.5/8/8",
      "10.0.0.5:80",
      "[::1]",
      "fe80::1%eth0",
      "*",
    ].map((entry): [string, RegExp] => [entry, /is no address/]),
  ])("%j is refused, with the reason", (entry, says) => {
    expect(() => parseTrustedProxies(["10.0.0.5", entry])).toThrow(ConfigError);
    expect(() => parseTrustedProxies(["10.0.0.5", entry])).toThrow(says);
  });

  it("are none by default, and then nobody is one", () => {
    const none = parseTrustedProxies();
    expect([none.any, none.has(parseAddress("127.0.0.1")), none.has(undefined)]).toEqual([false, false, false]);
  });
});
