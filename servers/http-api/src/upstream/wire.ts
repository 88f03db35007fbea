import type { SafeRequest } from "@hardened-mcp/safe-fetch";
import type { ApiRequest } from "../model/exchange.ts";

/** A request as it goes out; a body that is a stream is opened anew for each attempt. */
export function toSafeRequest(
  { method, body }: ApiRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  limits: SafeRequest["limits"],
): SafeRequest {
  const plain = { method, headers, signal, ...(limits === undefined ? {} : { limits }) };
  if (body === undefined) return plain;
  return body.kind === "bytes"
    ? { ...plain, body: body.bytes }
    : { ...plain, body: body.open(), bodyLength: body.length };
}

/** The URL with one more parameter, which no other of that name stands beside: an API may read the first, or the last. */
export function withQuery(url: URL, { name, value }: { readonly name: string; readonly value: string }): URL {
  const changed = new URL(url);
  // Only where it must be: reading and writing a query spells the rest of it anew.
  if (changed.searchParams.has(name)) changed.searchParams.delete(name);
  const { search } = changed;
  changed.search = `${search}${search === "" ? "?" : "&"}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return changed;
}
