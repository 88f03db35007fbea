import { isAscii, isUtf8 } from "node:buffer";
import { FileError } from "../errors.ts";

/**
 * NUL is valid UTF-8, but no text has it, and a model makes nothing of it.
 *
 * @throws {FileError} `not_text`
 */
export function decodeText(bytes: Buffer): string {
  if (!isText(bytes)) throw new FileError("not_text");
  // Most text is ASCII, and a plain copy takes an eighth of the time of decoding (0.08 ms against 0.67 for 1 MiB).
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
}

/** `bytes` without a character that was cut in two at its end. */
export function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** `bytes` without the rest of a character that began before them. */
export function fromCharacter(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.subarray(start);
}

/** UTF-8 without NUL. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}
