/** A way to write an address, and what it is called. */
export interface Spelling {
  readonly what: string;
  readonly host: string;
}

const FULL_WIDTH = "０１２３４５６７８９";
const CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨";

/** Every spelling of an IPv4 address that a URL parser takes for that address, made systematically. */
export function ipv4Spellings(address: string): readonly Spelling[] {
  const parts = address.split(".").map(Number) as [number, number, number, number];
  const [a, b, c, d] = parts;
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const forms = {
    decimal: (value: number) => String(value),
    hex: (value: number) => `0x${value.toString(16)}`,
    "upper hex": (value: number) => `0X${value.toString(16).toUpperCase()}`,
    "padded hex": (value: number) => `0x${value.toString(16).padStart(12, "0")}`,
    octal: (value: number) => `0${value.toString(8)}`,
    "padded octal": (value: number) => value.toString(8).padStart(12, "0"),
  } as const;
  const spellings: Spelling[] = [];
  for (const [what, form] of Object.entries(forms)) {
    spellings.push(
      { what: `four parts, ${what}`, host: parts.map(form).join(".") },
      { what: `three parts, ${what}`, host: [a, b, c * 256 + d].map(form).join(".") },
      { what: `two parts, ${what}`, host: [a, (b * 256 + c) * 256 + d].map(form).join(".") },
      { what: `one number, ${what}`, host: form(number) },
      { what: `first part ${what}`, host: [form(a), b, c, d].join(".") },
      { what: `last part ${what}`, host: [a, b, c, form(d)].join(".") },
    );
  }
  const digits = (table: string, text: string) => text.replace(/\d/g, (digit) => [...table][Number(digit)] ?? digit);
  const escaped = (text: string) => [...text].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join("");
  spellings.push(
    { what: "hex and octal mixed", host: `0x${a.toString(16)}.${b}.0${c.toString(8)}.${d}` },
    { what: "a dot at the end", host: `${address}.` },
    { what: "full-width digits", host: digits(FULL_WIDTH, address) },
    { what: "circled digits", host: digits(CIRCLED, address) },
    { what: "ideographic dots", host: address.replaceAll(".", "。") },
    { what: "full-width dots", host: address.replaceAll(".", "．") },
    { what: "half-width dots", host: address.replaceAll(".", "｡") },
    { what: "percent-encoded", host: escaped(address) },
    { what: "dots percent-encoded", host: address.replaceAll(".", "%2e") },
    { what: "a soft hyphen inside", host: `${address.slice(0, 2)}\u00ad${address.slice(2)}` },
    { what: "a zero-width space inside", host: `${address.slice(0, 1)}\u200b${address.slice(1)}` },
    { what: "a tab inside", host: `${address.slice(0, 2)}\t${address.slice(2)}` },
    { what: "a newline inside", host: `${address.slice(0, 2)}\n${address.slice(2)}` },
    { what: "a carriage return at the end", host: `${address}\r` },
  );
  return spellings;
}

/** IPv6 addresses that stand for an IPv4 one. */
export function embeddingSpellings(address: string): readonly Spelling[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  const hex = (high: number, low: number) => (high * 256 + low).toString(16);
  const [one, two] = [hex(a, b), hex(c, d)];
  const inverted = `${hex(255 - a, 255 - b)}:${hex(255 - c, 255 - d)}`;
  const forms: readonly (readonly [what: string, text: string])[] = [
    ["mapped", `::ffff:${address}`],
    ["mapped, hex", `::ffff:${one}:${two}`],
    ["mapped, upper case", `::FFFF:${one}:${two}`.toUpperCase()],
    ["mapped, every group", `0:0:0:0:0:ffff:${one}:${two}`],
    ["mapped, padded", `0000:0000:0000:0000:0000:ffff:${address}`],
    ["compatible", `::${address}`],
    ["compatible, hex", `::${one}:${two}`],
    ["compatible, every group", `0:0:0:0:0:0:${address}`],
    ["translated", `::ffff:0:${address}`],
    ["translated, hex", `::ffff:0:${one}:${two}`],
    ["NAT64", `64:ff9b::${address}`],
    ["NAT64, hex", `64:ff9b::${one}:${two}`],
    ["local NAT64", `64:ff9b:1::${address}`],
    ["local NAT64, longer prefix", `64:ff9b:1:fffe::${one}:${two}`],
    ["6to4", `2002:${one}:${two}::`],
    ["6to4 with a host", `2002:${one}:${two}::1`],
    ["6to4, every group", `2002:${one}:${two}:0:0:0:0:0`],
    ["Teredo, as client", `2001:0:4136:e378:8000:63bf:${inverted}`],
    ["Teredo, as server", `2001:0:${one}:${two}:8000:63bf:3fff:fdd2`],
    ["ISATAP, link-local", `fe80::5efe:${address}`],
    ["ISATAP, global prefix", `2606:2800:220:1:0:5efe:${one}:${two}`],
    ["ISATAP, universal bit", `2606:2800:220:1:200:5efe:${one}:${two}`],
    ["ISATAP, no prefix", `::5efe:${one}:${two}`],
  ];
  return forms.map(([what, text]) => ({ what, host: `[${text}]` }));
}
