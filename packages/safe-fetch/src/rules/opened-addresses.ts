import { kindOf } from "../address/address-kind.ts";
import { type AddressRange, parseRange } from "../address/address-range.ts";
import { embeddedIpv4 } from "../address/embedded-ipv4.ts";
import { type ParsedAddress, parseAddress } from "../address/parsed-address.ts";
import type { AddressKind } from "../address/special-ranges.ts";
import type { PrivateAddresses } from "../host-rule.ts";
import { SafeFetchOptionError } from "../options/option-error.ts";

/** Whether an address may be dialled. */
export type OpensAddress = (address: ParsedAddress) => boolean;

const INTERNAL: readonly AddressKind[] = ["public", "private", "shared", "loopback"];
/** Not even where a range names them: no single host answers there, or another one than the address says. */
const NEVER: readonly AddressKind[] = ["multicast", "invalid"];
/** Shortest prefix of a range: 10.0.0.0/8 and fc00::/7 are the widest anyone has. Less would be a wildcard. */
const SHORTEST = { 4: 8, 6: 7 } as const;

/** Which addresses the name of a host may lead to. @throws {SafeFetchOptionError} */
export function openedAddresses(option: string, addresses: PrivateAddresses): OpensAddress {
  if (addresses === "refuse") return (address) => kindOf(address) === "public";
  if (addresses === "allow") return (address) => INTERNAL.includes(kindOf(address));
  if (!Array.isArray(addresses) || addresses.length === 0) {
    throw new SafeFetchOptionError(option, 'must be "refuse", "allow" or a list of at least one CIDR range.');
  }
  const ranges = addresses.map((text: unknown, index) => range(`${option}[${index}]`, text));
  const opens: OpensAddress = (address) => {
    const kind = kindOf(address);
    if (kind === "public") return true;
    if (NEVER.includes(kind) || isUnspecified(address)) return false;
    // 100.64.0.0/10 must not open Alibaba's metadata service, nor fc00::/7 that of AWS: such an address has to be named by itself.
    if (!ranges.some((one) => one.contains(address) && (kind !== "metadata" || one.isSingle))) return false;
    if (kind !== "embedded") return true;
    // Where IPv4 is reached by NAT64, what stands behind it is what counts.
    const behind = parseAddress(embeddedIpv4(address) ?? "");
    return behind !== undefined && opens(behind);
  };
  return opens;
}

/** 0.0.0.0 and :: connect to this machine. */
function isUnspecified({ bits }: ParsedAddress): boolean {
  return bits === 0n;
}

function range(option: string, text: unknown): AddressRange {
  const parsed = typeof text === "string" ? parseRange(text) : undefined;
  if (parsed === undefined) {
    throw new SafeFetchOptionError(
      option,
      "is no CIDR range. Write it like 10.1.0.0/16 or fd12:3456::/32, with no bit set behind the prefix.",
    );
  }
  if (parsed.prefix < SHORTEST[parsed.family]) {
    throw new SafeFetchOptionError(
      option,
      `is wider than any private network. Write a prefix of at least ${SHORTEST[parsed.family]} bits.`,
    );
  }
  return parsed;
}
