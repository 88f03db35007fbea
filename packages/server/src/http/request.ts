import type { IncomingMessage } from "node:http";

/** Who is calling has been settled; nothing behind the entry has any business with what proved it. */
const CREDENTIALS = new Set(["authorization", "proxy-authorization", "dpop", "cookie", "x-api-key"]);

/** The fetch `Request` that the SDK's handler reads its headers from; the body travels beside it, already parsed. */
export function toFetchRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name.startsWith(":") || CREDENTIALS.has(name)) continue;
    // Several values of one header reach the SDK as it would see them anywhere: joined, and so refused where one is due.
    headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return new Request("http://localhost/mcp", { method: request.method ?? "GET", headers, signal });
}
