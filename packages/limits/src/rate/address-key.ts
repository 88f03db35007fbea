import { isIPv4, isIPv6 } from "node:net";

/** What shares one limit when it is no address at all: a Unix socket, or a header that a proxy passed on unread. */
export const UNKNOWN_ADDRESS_KEY = "unknown";

/** Prefixes that carry an IPv4 address in their last 32 bits: mapped (RFC 4291 2.5.5.2), translated (RFC 6052 2.1). */
const IPV4_PREFIXES = [
  [0, 0, 0, 0, 0, 0xffff],
  [0x64, 0xff9b, 0, 0, 0, 0],
] as const;

export interface AddressKeyOptions {
  /** Leading bits that one IPv6 customer is taken to own. Default: 64, the smallest network that is ever handed out. */
  readonly ipv6PrefixBits?: number;
}

/**
 * The key under which an address is limited before anyone has said who they are.
 *
 * An IPv6 host may use any of the 2^64 addresses of its network, a new one for each request, so IPv6 counts by network;
 * IPv4 counts whole, also where it is written as IPv6. Zones name an interface of this machine and are dropped. What is
 * no address shares one key. Keys are taken as they are, so that applying it twice does no harm.
 *
 * @throws {RangeError} `ipv6PrefixBits` is no whole number from 1 to 128
 */
export function addressKey(address: string, { ipv6PrefixBits = 64 }: AddressKeyOptions = {}): string {
  if (!Number.isInteger(ipv6PrefixBits) || ipv6PrefixBits < 1 || ipv6PrefixBits > 128) {
    throw new RangeError("ipv6PrefixBits must be a whole number from 1 to 128");
  }
  if (isIPv4(address)) return address;
  const [network = "", bits = String(ipv6PrefixBits), ...rest] = address.split("/");
  const prefix = Number(bits);
  if (!isIPv6(network) || rest.length > 0 || String(prefix) !== bits || !(prefix >= 1 && prefix <= 128)) {
    return UNKNOWN_ADDRESS_KEY;
  }
  const groups = ipv6Groups(network);
  if (IPV4_PREFIXES.some((prefix) => prefix.every((group, index) => group === groups[index]))) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
  }
  const kept = Math.min(prefix, ipv6PrefixBits);
  const masked = groups.map((group, index) => group & prefixMask(kept - index * 16));
  return `${masked.map((group) => group.toString(16)).join(":")}/${kept}`;
}

/** The eight groups of a valid address. */
function ipv6Groups(address: string): number[] {
  const [withoutZone = ""] = address.split("%");
  const [head = "", tail] = withoutZone.split("::");
  const left = groupsOf(head);
  if (tail === undefined) return left;
  const right = groupsOf(tail);
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

function groupsOf(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return Number.parseInt(group, 16);
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function prefixMask(bits: number): number {
  const kept = Math.min(16, Math.max(0, bits));
  return (0xffff << (16 - kept)) & 0xffff;
}
