/**
 * Countly issue 7959: `64:ff9b:1::/48`, the prefix for local NAT64 (RFC 8215), counted as public, since the address library in use did not
 * know it; ipaddr.js 2.5.0 still calls the forms below "unicast".
 */
import { expect, it } from "vitest";
import { addressKind, isPublicAddress } from "../../src/address/index.ts";

it.each([
  ["64:ff9b:1::7f00:1", "embedded"],
  ["64:ff9b:1:ffff::a9fe:a9fe", "embedded"],
  ["::7f00:1", "embedded"],
  ["::5efe:7f00:1", "embedded"],
  ["2606:2800:220:1:0:5efe:a9fe:a9fe", "embedded"],
  ["100:0:0:1::1", "reserved"],
  ["1::1", "reserved"],
  ["4000::1", "reserved"],
  ["168.63.129.16", "metadata"],
])("%s is %s", (address, kind) => {
  expect([addressKind(address), isPublicAddress(address)]).toEqual([kind, false]);
});
