import { isIP } from "node:net";

/** An address as a number, in one spelling. */
export interface ParsedAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;
  /** RFC 5952 for IPv6, all groups in hexadecimal; dotted decimal for IPv4. Two addresses are the same if and only if this is. */
  readonly text: string;
}

/**
 * Reads an address as a resolver or a socket writes it: dotted decimal, or IPv6 without brackets. `undefined` for everything else, also
 * for short, octal and hexadecimal forms, which one reader takes for an address and the next for a name, and for zones
 * (`fe80::1%eth0`), which lead to another link.
 */
export function parseAddress(address: string): ParsedAddress | undefined {
  const family = address.includes("%") ? 0 : isIP(address);
  if (family === 4) return { family, bits: joined(address.split(".").map(Number), 8n), text: address };
  if (family !== 6) return undefined;
  // The URL parser is the one that requests go through: what it makes of the groups is what counts.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = text.split("::");
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = new Array<number>(tail === undefined ? 0 : 8 - before.length - after.length).fill(0);
  return { family, bits: joined([...before, ...zeros, ...after], 16n), text };
}

function groups(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((bits, part) => (bits << width) | BigInt(part), 0n);
}

/** `bits` as dotted decimal. */
export function ipv4Text(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join(".");
}
