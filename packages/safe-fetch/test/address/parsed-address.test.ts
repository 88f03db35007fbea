import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRange } from "../../src/address/address-range.ts";
import { embeddedIpv4 } from "../../src/address/embedded-ipv4.ts";
import { ipv4Text, parseAddress } from "../../src/address/parsed-address.ts";
import { embeddingSpellings } from "../corpus/spellings.ts";

const ipv6 = (bits: bigint): string =>
  Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(":");

describe("an address as a number", () => {
  it("is what its groups say, whatever the spelling", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (bits) => {
        const parsed = parseAddress(ipv6(bits));
        expect(parsed?.bits).toBe(bits);
        expect(parseAddress(parsed?.text ?? "")?.bits).toBe(bits);
      }),
    );
  });
  it("is what its parts say", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(ipv4Text(parseAddress(address)?.bits ?? 0n)).toBe(address);
      }),
    );
  });
});

describe("a range", () => {
  it.each([
    ["10.0.0.0/8", "10.255.255.255", "11.0.0.0"],
    ["10.1.2.3", "10.1.2.3", "10.1.2.4"],
    ["fd12::/16", "fd12:ffff::1", "fd13::"],
    ["0.0.0.0/0", "255.255.255.255", "::1"],
  ])("%s contains %s and not %s", (text, inside, outside) => {
    const range = parseRange(text);
    expect([inside, outside].map((address) => range?.contains(parseAddress(address)!))).toEqual([true, false]);
  });
  it.each([
    "10.0.0.1/8",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "10/8",
    "x",
    "::/129",
    "10.0.0.0/-1",
  ])("%s is none", (text) => {
    expect(parseRange(text)).toBeUndefined();
  });
});

describe("the IPv4 address within", () => {
  const asServer = "Teredo, as server";
  it.each(embeddingSpellings("10.1.2.3").filter(({ what }) => what !== asServer))("$what ($host)", ({ host }) => {
    expect(embeddedIpv4(parseAddress(host.slice(1, -1))!)).toBe("10.1.2.3");
  });
});
