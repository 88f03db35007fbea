import type { IncomingMessage } from "node:http";
import { TokenError } from "../token-error.ts";

/** What a request brings. */
export interface Credential {
  readonly scheme: "bearer" | "dpop";
  readonly token: string;
}

/** RFC 6750, section 2.1: `b64token`. The two classes share no character, so there is one way to match. */
const B64TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * The one credential of a request, from its `Authorization` header and from nowhere else. What is wrong with a request
 * that has two is not known to be an accident: the next component may have read the other one.
 *
 * @throws {TokenError} `missing`, `scheme`, `two-credentials`, `token-in-query`, `malformed-header`, `too-large`
 */
export function readCredential(request: IncomingMessage, maxTokenBytes: number): Credential {
  if (hasTokenInQuery(request.url ?? "")) throw new TokenError("token-in-query");
  const [value, ...more] = headerValues(request, "authorization");
  if (more.length > 0) throw new TokenError("two-credentials");
  if (value === undefined) throw new TokenError("missing");
  const scheme = schemeOf(value);
  if (scheme === undefined) throw new TokenError("scheme");
  // RFC 9110, section 11.4: one or more spaces. Whitespace around the value is gone already.
  const token = value.slice(scheme.length).replace(/^ +/, "");
  if (token.length > maxTokenBytes) throw new TokenError("too-large");
  if (!B64TOKEN.test(token)) throw new TokenError("malformed-header");
  return { scheme, token };
}

/** Of the header as it came: `request.headers` keeps the first of two. */
export function headerValues({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

/** The scheme a request tries, if it is one that this package knows. */
export function triedScheme(request: IncomingMessage): Credential["scheme"] | undefined {
  return schemeOf(headerValues(request, "authorization")[0] ?? "");
}

function schemeOf(value: string): Credential["scheme"] | undefined {
  const scheme = value.split(" ", 1)[0]?.toLowerCase();
  return scheme === "bearer" || scheme === "dpop" ? scheme : undefined;
}

function hasTokenInQuery(url: string): boolean {
  const start = url.indexOf("?");
  if (start === -1) return false;
  return [...new URLSearchParams(url.slice(start)).keys()].some((key) => key.toLowerCase() === "access_token");
}
