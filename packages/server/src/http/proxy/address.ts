import { isIP, SocketAddress } from "node:net";

/** An address in its one spelling, so that equal ones compare equal: IPv4 dotted, also where it came mapped into IPv6. */
export interface Address {
  readonly text: string;
  readonly family: "ipv4" | "ipv6";
}

const MAPPED = "::ffff:";

/** `undefined` for anything but a plain IP address. A zone (`fe80::1%eth0`) means something on its own machine only. */
export function parseAddress(text: string | undefined): Address | undefined {
  const version = text === undefined ? 0 : isIP(text);
  if (text === undefined || version === 0 || text.includes("%")) return undefined;
  if (version === 4) return { text, family: "ipv4" };
  const spelt = new SocketAddress({ address: text, family: "ipv6" }).address;
  // Sockets that listen on `::` see every IPv4 client as ::ffff:a.b.c.d.
  const inner = spelt.startsWith(MAPPED) ? spelt.slice(MAPPED.length) : "";
  return isIP(inner) === 4 ? { text: inner, family: "ipv4" } : { text: spelt, family: "ipv6" };
}

/** The address as a number of 32 or 128 bits. */
export function bitsOf({ text, family }: Address): bigint {
  if (family === "ipv4") return text.split(".").reduce((bits, part) => bits * 256n + BigInt(part), 0n);
  // A URL spells it in hexadecimal groups throughout.
  const groups = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = "", tail] = groups.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].reduce((bits, group) => bits * 65_536n + BigInt(`0x${group}`), 0n);
}
