import { auditDefaults } from "../defaults.ts";

/** Printable ASCII without `"` and `\`: may stand in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * JSON string of at most 256 bytes, pure ASCII.
 *
 * Everything outside printable ASCII becomes `\uXXXX`: a line feed, an ANSI sequence, a bidi override, a zero-width
 * or U+2028 character in client text can neither forge a line nor dress up a terminal (CWE-117). The cap counts bytes
 * after escaping, so that text of escapes cannot make a record six times as long. A cut string ends in `…+N`, N being
 * its full length in UTF-16 units; only cut strings are longer than the cap.
 */
export function quote(text: string): string {
  const cap = auditDefaults.maxStringBytes;
  if (text.length <= cap && PLAIN.test(text)) return `"${text}"`;
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const piece = escapeUnit(text.charCodeAt(i));
    if (out.length + piece.length > cap) return `"${out}\\u2026+${text.length}"`;
    out += piece;
  }
  return `"${out}"`;
}

function escapeUnit(unit: number): string {
  if (unit === 0x22) return '\\"';
  if (unit === 0x5c) return "\\\\";
  if (unit >= 0x20 && unit <= 0x7e) return String.fromCharCode(unit);
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
