/**
 * Headers that an argument never becomes, whatever the document declares.
 *
 * They say who asks, where the message ends, which connection it is, what body follows, or, as several frameworks read them, which
 * method or path is meant in place of the one that was checked.
 */
const RESERVED: ReadonlySet<string> = new Set([
  // Who asks. OpenAPI (parameter object) itself has `Accept`, `Content-Type` and `Authorization` ignored.
  ...["authorization", "cookie", "cookie2", "set-cookie", "dpop", "origin", "referer", "from"],
  // Where a message ends, and what the connection does with it (RFC 9110, 7.6.1; RFC 9112, 6).
  ...["host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect"],
  ...["http2-settings", "max-forwards", "via", "date"],
  // What is sent, and what is wanted; set here.
  ...["accept", "accept-encoding", "content-type", "content-encoding", "user-agent"],
  // Where it is said to come from.
  ...["forwarded", "x-real-ip", "x-client-ip", "client-ip", "true-client-ip", "cf-connecting-ip"],
  // Another method, path or host than the one that was checked.
  ...[
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
    "x-original-host",
    "x-host",
  ],
  // A key of that name would be an object's prototype.
  "__proto__",
]);
const RESERVED_PREFIXES = ["proxy-", "sec-", "x-forwarded-", ":"];

/** Headers that nobody but this server's own code sets, not even its configuration. */
const NEVER_CONFIGURED: ReadonlySet<string> = new Set([
  ...[
    "authorization",
    "cookie",
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
  ],
  ...["expect", "content-type", "content-encoding", "__proto__"],
]);

/** Whether no argument may be sent under this name. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix));
}

/** Whether an operator's static header may not have this name: a credential's, or one that frames the message. */
export function isForbiddenHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return NEVER_CONFIGURED.has(lower) || lower.startsWith("proxy-") || lower.startsWith(":");
}
