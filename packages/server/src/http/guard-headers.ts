import type { IncomingMessage } from "node:http";

/** What an entry accepts, compared exactly. */
export interface AllowedSources {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
}

/** The loopback names a client on this machine may have used to get here. */
export function loopbackSources(port: number, scheme: "http" | "https"): AllowedSources {
  const names = ["127.0.0.1", "localhost", "[::1]"];
  // The port that a scheme implies is left out by whoever writes the header (RFC 9110, section 7.2).
  const isImplied = port === (scheme === "http" ? 80 : 443);
  const hosts = [...names.map((name) => `${name}:${port}`), ...(isImplied ? names : [])];
  return { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `${scheme}://${host}`)) };
}

/**
 * Why a request's `Host` or `Origin` is refused, or `undefined`.
 *
 * A web page on another site can make a browser send requests to this machine, and with DNS rebinding even read the
 * answers (CVE-2025-66414 and its kin). The browser does not let the page choose these two headers, so they are compared
 * whole, port included. Two of either, or `Origin: null`, is nobody's honest request.
 */
export function sourceFault(request: IncomingMessage, allowed: AllowedSources): "host" | "origin" | undefined {
  const [host, ...moreHosts] = valuesOf(request, "host");
  if (host === undefined || moreHosts.length > 0 || !allowed.hosts.has(host.toLowerCase())) return "host";
  const [origin, ...moreOrigins] = valuesOf(request, "origin");
  if (moreOrigins.length > 0) return "origin";
  return origin === undefined || allowed.origins.has(origin.toLowerCase()) ? undefined : "origin";
}

/** Every value as sent: Node keeps only the first of two `Host` headers in `headers`. */
function valuesOf(request: IncomingMessage, name: string): readonly string[] {
  const { rawHeaders } = request;
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const value = rawHeaders[at + 1];
    if (rawHeaders[at]?.toLowerCase() === name && value !== undefined) values.push(value);
  }
  return values;
}
