import { type AddressRange, parseRange } from "./address-range.ts";
import { isIsatap } from "./embedded-ipv4.ts";
import { type ParsedAddress, parseAddress } from "./parsed-address.ts";
import { type AddressKind, SPECIAL_RANGES } from "./special-ranges.ts";

const RANGES = SPECIAL_RANGES.map(([text, kind]): readonly [AddressRange, AddressKind] => [rangeOf(text), kind]);
const GLOBAL_UNICAST = rangeOf("2000::/3");

function rangeOf(text: string): AddressRange {
  const range = parseRange(text);
  if (range === undefined) throw new Error("table");
  return range;
}

/**
 * What an address is for: IANA's special-purpose registries, the addresses clouds keep for their machines, and the forms of IPv6 that
 * stand for an IPv4 address.
 *
 * @param address as a resolver or a socket writes it: dotted decimal, or IPv6 without brackets and zone; else the answer is `invalid`
 */
export function addressKind(address: string): AddressKind {
  const parsed = parseAddress(address);
  return parsed === undefined ? "invalid" : kindOf(parsed);
}

/** {@link addressKind} of an address that has been read. */
export function kindOf(address: ParsedAddress): AddressKind {
  const special = RANGES.find(([range]) => range.contains(address))?.[1];
  // ISATAP may stand below any prefix, a public or private one too; what is worse is said first.
  if (isIsatap(address) && special !== "metadata") return "embedded";
  if (special !== undefined) return special;
  return address.family === 4 || GLOBAL_UNICAST.contains(address) ? "public" : "reserved";
}

/** Whether `address` is one host of the public internet. Deny by default: whatever is not known to be that is not. */
export function isPublicAddress(address: string): boolean {
  return addressKind(address) === "public";
}
