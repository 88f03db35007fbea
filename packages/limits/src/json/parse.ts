import { isUtf8 } from "node:buffer";

import { type JsonLimits, LIMIT_DEFAULTS } from "../defaults.ts";
import { JsonError } from "./json-error.ts";
import { scanJson } from "./scan.ts";

/**
 * Parses JSON from the network, or refuses it before anything costly happens.
 *
 * `JSON.parse` reads a million nested arrays and lets the last of two equal keys win; what comes after it
 * (`JSON.stringify`, hashing, validation) overflows the stack or checks another value than the one that runs
 * (CVE-2026-27896). So one linear scan bounds the text first; the engine still decides what JSON is.
 *
 * @param input one document; bytes must be UTF-8 without byte order mark
 * @param limits overrides of `LIMIT_DEFAULTS.json`
 * @throws {JsonError} any code but `not_json`
 */
export function parseStrictJson(input: Uint8Array | string, limits?: Partial<JsonLimits>): unknown {
  const bounds = limits === undefined ? LIMIT_DEFAULTS.json : { ...LIMIT_DEFAULTS.json, ...limits };
  const text = typeof input === "string" ? checkedText(input, bounds.maxBytes) : decode(input, bounds.maxBytes);
  if (text.charCodeAt(0) === 0xfeff) throw new JsonError("byte_order_mark", 0);
  scanJson(text, bounds);
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonError("syntax");
  }
}

function checkedText(text: string, maxBytes: number): string {
  // A code unit is at least one byte: the length alone settles the hostile case without reading the text.
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) throw new JsonError("too_large");
  if (!text.isWellFormed()) throw new JsonError("lone_surrogate");
  return text;
}

function decode(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.byteLength > maxBytes) throw new JsonError("too_large");
  if (!isUtf8(bytes)) throw new JsonError("invalid_utf8");
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
