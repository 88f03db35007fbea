import { type ParsedAddress, parseAddress } from "./parsed-address.ts";

/** Addresses with the same first bits. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly prefix: number;
  /** Whether it is one address and no more. */
  readonly isSingle: boolean;
  contains(address: ParsedAddress): boolean;
}

/** Reads `10.0.0.0/8`, `fd00::/8`, or an address alone. `undefined` where it is neither, or has bits set beyond its prefix. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const parsed = parseAddress(address);
  if (parsed === undefined || rest.length > 0) return undefined;
  const { family, bits } = parsed;
  const width = family === 4 ? 32 : 128;
  const prefix = length === undefined ? width : /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Number.NaN;
  if (!(prefix <= width)) return undefined;
  const shift = BigInt(width - prefix);
  const first = bits >> shift;
  if (first << shift !== bits) return undefined;
  return {
    family,
    prefix,
    isSingle: prefix === width,
    contains: (other) => other.family === family && other.bits >> shift === first,
  };
}
