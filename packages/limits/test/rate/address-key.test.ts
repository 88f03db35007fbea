import { isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { addressKey, UNKNOWN_ADDRESS_KEY } from "../../src/rate/address-key.ts";

const NETWORK = "2001:db8:1:2:0:0:0:0/64";

describe("addressKey", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::ffff:c000:201", "192.0.2.1"],
    ["0:0:0:0:0:FFFF:192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1%eth0", "192.0.2.1"],
    ["64:ff9b::192.0.2.1", "192.0.2.1"],
    ["64:ff9b::255.254.253.252", "255.254.253.252"],
    ["2001:db8:1:2::", NETWORK],
    ["2001:db8:1:2:ffff:ffff:ffff:ffff", NETWORK],
    ["2001:0DB8:0001:0002:0000:0000:0000:0001", NETWORK],
    ["2001:db8:1:2::192.0.2.1", NETWORK],
    ["2001:db8:1:2::1%en0", NETWORK],
    ["2001:db8:1:3::", "2001:db8:1:3:0:0:0:0/64"],
    ["::1", "0:0:0:0:0:0:0:0/64"],
    ["fe80::1%eth0", "fe80:0:0:0:0:0:0:0/64"],
    ["fe80::1%eth1", "fe80:0:0:0:0:0:0:0/64"],
    ["::fffe:192.0.2.1", "0:0:0:0:0:0:0:0/64"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:0:0:0:0/64"],
    ["::2:3:4:5:6:7:8", "0:2:3:4:0:0:0:0/64"],
  ])("%s counts as %s", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it.each([
    "",
    "localhost",
    "192.0.2.1:443",
    "192.0.2",
    "0192.0.2.1",
    "192.0.2.1/24",
    "[::1]",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::1/0",
    "::1/129",
    "::1/064",
    "::1/64/64",
    "::1/",
    "unknown",
    "__proto__",
    "192.0.2.1, 192.0.2.2",
    "x".repeat(100_000),
  ])("no new key for what is no address: %.30s", (address) => {
    expect(addressKey(address)).toBe(UNKNOWN_ADDRESS_KEY);
  });

  it("one network has one key, however its addresses are chosen and written", () => {
    const host = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(host, fc.boolean(), (groups, upper) => {
        const written = `2001:db8:1:2:${groups.map((group) => group.toString(16)).join(":")}`;
        expect(addressKey(upper ? written.toUpperCase() : written)).toBe(NETWORK);
      }),
    );
  });

  it("gives a key to whatever Node takes for an address, and to it again the same", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4()), (address) => {
        const key = addressKey(address);
        expect(key).not.toBe(UNKNOWN_ADDRESS_KEY);
        expect(addressKey(key)).toBe(key);
        if (key.includes(":")) expect(isIPv6(key.slice(0, key.indexOf("/")))).toBe(true);
      }),
    );
  });

  it.each([
    [48, "2001:db8:1:2:3::", "2001:db8:1:0:0:0:0:0/48"],
    [56, "2001:db8:1:2ff::", "2001:db8:1:200:0:0:0:0/56"],
    [128, "2001:db8::1", "2001:db8:0:0:0:0:0:1/128"],
    [1, "ffff::", "8000:0:0:0:0:0:0:0/1"],
  ])("counts by the first %d bits when told", (ipv6PrefixBits, address, key) => {
    expect(addressKey(address, { ipv6PrefixBits })).toBe(key);
    expect(addressKey(addressKey(address, { ipv6PrefixBits }))).toBe(
      ipv6PrefixBits === 128 ? "2001:db8:0:0:0:0:0:0/64" : key,
    );
  });

  it.each([0, 129, 63.5, Number.NaN, -1])("refuses %d prefix bits", (ipv6PrefixBits) => {
    expect(() => addressKey("192.0.2.1", { ipv6PrefixBits })).toThrow(RangeError);
  });
});
