import { type AddressRange, parseRange } from "./address-range.ts";
import { ipv4Text, type ParsedAddress } from "./parsed-address.ts";

/** Where an IPv6 address of a transition mechanism holds its IPv4 address: how far from the right, and whether its bits are inverted. */
const PLACES: readonly (readonly [range: AddressRange, shift: bigint, inverted: boolean])[] = [
  ...["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"].map((range) => place(range, 0n)),
  // RFC 6052, section 2.2, with a prefix of 96 bits, which is what translators are set to; other lengths are never unwrapped.
  place("64:ff9b:1::/48", 0n),
  place("2002::/16", 80n),
  place("2001::/32", 0n, true),
];

function place(text: string, shift: bigint, inverted = false): readonly [AddressRange, bigint, boolean] {
  const range = parseRange(text);
  if (range === undefined) throw new Error("table");
  return [range, shift, inverted];
}

const LOW = 0xffff_ffffn;
/** RFC 5214, section 6.1: the interface identifier of ISATAP under any prefix, with the universal bit set or not. */
const ISATAP: readonly bigint[] = [0x0000_5efen, 0x0200_5efen];

/** Whether `address` is of a mechanism that may be found under any prefix. */
export function isIsatap({ family, bits }: ParsedAddress): boolean {
  return family === 6 && ISATAP.includes((bits >> 32n) & LOW);
}

/** The IPv4 address that an IPv6 address stands for, in dotted decimal. */
export function embeddedIpv4(address: ParsedAddress): string | undefined {
  if (address.family !== 6) return undefined;
  if (isIsatap(address)) return ipv4Text(address.bits & LOW);
  const found = PLACES.find(([range]) => range.contains(address));
  if (found === undefined) return undefined;
  const [, shift, inverted] = found;
  const low = (address.bits >> shift) & LOW;
  return ipv4Text(inverted ? low ^ LOW : low);
}
