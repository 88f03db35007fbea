import { BlockList } from "node:net";
import { ConfigError } from "../../errors/config-error.ts";
import { type Address, bitsOf, parseAddress } from "./address.ts";

/** The proxies whose word about a client counts. */
export interface TrustedProxies {
  /** Whether there is any; without one `X-Forwarded-*` is ignored throughout. */
  readonly any: boolean;
  has(address: Address | undefined): boolean;
}

/** The shortest prefixes: 10.0.0.0/8 and fc00::/7 are the widest networks that can be anyone's own. */
const WIDEST = { ipv4: 8, ipv6: 7 } as const;
const LENGTH = { ipv4: 32, ipv6: 128 } as const;

/**
 * Parses addresses and CIDR blocks.
 *
 * @throws {ConfigError} one is malformed, a name, or so wide that strangers would be in it
 */
export function parseTrustedProxies(entries: readonly string[] = []): TrustedProxies {
  // One list a family: a single one takes every IPv4 address to be in ::/8.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const entry of entries) {
    const { address, prefix } = parseEntry(entry);
    lists[address.family].addSubnet(address.text, prefix, address.family);
  }
  return {
    any: entries.length > 0,
    has: (address) => address !== undefined && lists[address.family].check(address.text, address.family),
  };
}

function parseEntry(entry: string): { address: Address; prefix: number } {
  const [text = "", digits, ...more] = entry.split("/");
  const address = parseAddress(text);
  if (address === undefined || more.length > 0 || (digits !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(digits))) {
    throw new ConfigError(
      `trustedProxies: ${JSON.stringify(entry)} is no address. Write one such as 10.0.0.5, or a block such as 10.0.0.0/24; names are not looked up.`,
    );
  }
  if (address.family === "ipv4" && text.includes(":")) {
    throw new ConfigError(`trustedProxies: ${entry} is an IPv4 address in IPv6 form. Write ${address.text}.`);
  }
  const length = LENGTH[address.family];
  const prefix = digits === undefined ? length : Number(digits);
  if (prefix > length) throw new ConfigError(`trustedProxies: ${entry} has a prefix over /${length}.`);
  if (prefix < WIDEST[address.family]) {
    throw new ConfigError(
      `trustedProxies: ${entry} takes in strangers, and each could say where it comes from. Name the proxies themselves; no block may be wider than /${WIDEST[address.family]}.`,
    );
  }
  if (bitsOf(address) % (1n << BigInt(length - prefix)) !== 0n) {
    throw new ConfigError(
      `trustedProxies: ${entry} has bits set behind its prefix. Write ${address.text} for the one address, or the first address of the block.`,
    );
  }
  return { address, prefix };
}
