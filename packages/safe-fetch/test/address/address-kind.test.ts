import { describe, expect, it } from "vitest";
import { type AddressKind, addressKind, isPublicAddress } from "../../src/address/index.ts";
import { INTERNAL_IPV4, INTERNAL_IPV6 } from "../corpus/internal.ts";
import { embeddingSpellings } from "../corpus/spellings.ts";

/** First and last of each range, and their neighbours outside. */
const EDGES: readonly (readonly [address: string, kind: AddressKind])[] = [
  ["0.255.255.255", "reserved"],
  ["1.0.0.0", "public"],
  ["9.255.255.255", "public"],
  ["10.0.0.0", "private"],
  ["10.255.255.255", "private"],
  ["11.0.0.0", "public"],
  ["100.63.255.255", "public"],
  ["100.64.0.0", "shared"],
  ["100.127.255.255", "shared"],
  ["100.128.0.0", "public"],
  ["100.100.100.200", "metadata"],
  ["100.100.100.201", "shared"],
  ["126.255.255.255", "public"],
  ["127.255.255.255", "loopback"],
  ["128.0.0.0", "public"],
  ["168.63.129.15", "public"],
  ["168.63.129.16", "metadata"],
  ["169.253.255.255", "public"],
  ["169.254.0.0", "link_local"],
  ["169.254.169.254", "metadata"],
  ["169.254.255.255", "link_local"],
  ["172.15.255.255", "public"],
  ["172.16.0.0", "private"],
  ["172.31.255.255", "private"],
  ["172.32.0.0", "public"],
  ["192.167.255.255", "public"],
  ["192.168.255.255", "private"],
  ["192.169.0.0", "public"],
  ["198.17.255.255", "public"],
  ["198.19.255.255", "reserved"],
  ["198.20.0.0", "public"],
  ["223.255.255.255", "public"],
  ["224.0.0.0", "multicast"],
  ["239.255.255.255", "multicast"],
  ["240.0.0.0", "reserved"],
  ["255.255.255.255", "reserved"],
  ["::", "reserved"],
  ["::1", "loopback"],
  ["::2", "embedded"],
  ["1::1", "reserved"],
  ["1fff:ffff::1", "reserved"],
  ["2000::1", "public"],
  ["2001::1", "embedded"],
  ["2001:1ff:ffff::1", "reserved"],
  ["2001:200::1", "public"],
  ["2001:db7::1", "public"],
  ["2001:db8:ffff::1", "reserved"],
  ["2001:db9::1", "public"],
  ["2003::1", "public"],
  ["3fff:fff::1", "reserved"],
  ["3fff:1000::1", "public"],
  ["4000::1", "reserved"],
  ["fbff::1", "reserved"],
  ["fdff::1", "private"],
  ["fe00::1", "reserved"],
  ["fe80::1", "link_local"],
  ["febf::1", "link_local"],
  ["fec0::1", "reserved"],
  ["ff00::", "multicast"],
];

describe("the kind of an address", () => {
  it.each(EDGES)("%s is %s", (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });

  it.each([
    "8.8.8.8",
    "93.184.216.34",
    "2606:4700::1111",
    "2a00:1450:4001:80e::200e",
    "2606:2800:220:1:248:1893:25c8:1946",
  ])("%s is a host of the internet", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([...INTERNAL_IPV4, ...INTERNAL_IPV6])("%s is none", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(INTERNAL_IPV4)("%s is none within IPv6, in whatever form", (address) => {
    const through = embeddingSpellings(address).filter(({ host }) => isPublicAddress(host.slice(1, -1)));
    expect(through).toEqual([]);
  });

  it("a public IPv4 address within IPv6 is none either: who translates it is not known", () => {
    const through = embeddingSpellings("8.8.8.8").filter(({ host }) => isPublicAddress(host.slice(1, -1)));
    expect(through).toEqual([]);
  });

  it.each([
    ...["", "x", "localhost", "8.8.8", "8.8.8.8.", " 8.8.8.8", "8.8.8.8\n", "08.8.8.8", "0x8.8.8.8", "134744072"],
    ...[
      "8.8.8.8/32",
      "8.8.8.8:80",
      "[2606:4700::1111]",
      "2606:4700::1111%eth0",
      "fe80::1%1",
      "2606:4700:::1111",
      "８.8.8.8",
    ],
  ])("%j is no address", (address) => {
    expect(addressKind(address)).toBe("invalid");
  });
});
