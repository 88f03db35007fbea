import { isIP } from "node:net";
import { ConfigError } from "../errors/config-error.ts";
import type { HttpOptions } from "./options.ts";

/** Names and addresses that cannot be reached from another machine. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

/** What decides whether a bind is safe. */
export type BindOptions = Pick<HttpOptions, "host" | "trustedProxies" | "allowedHosts"> & {
  readonly tls?: unknown;
  readonly authenticator?: unknown;
};

/** The lines to add, as whoever has to add them writes them. */
export type MissingLines = Readonly<Record<"tls" | "authenticator" | "allowedHosts", string>>;

const IN_CODE: MissingLines = {
  tls: 'tls: { certFile: "server.pem", keyFile: "server.key" }',
  authenticator: "authenticator: ...",
  allowedHosts: 'allowedHosts: ["mcp.example.com"]',
};

/**
 * Refuses a bind that other machines can reach, by themselves or through a proxy, unless everything that makes it safe is
 * there. A warning would scroll by; servers bound to 0.0.0.0 without authentication are how CVE-2025-49596 and
 * CVE-2026-23744 were reached.
 *
 * @throws {ConfigError} naming each line to add
 */
export function refuseUnsafeBind(options: BindOptions, lines: MissingLines = IN_CODE): void {
  const host = options.host ?? "127.0.0.1";
  const proxied = (options.trustedProxies ?? []).length > 0;
  // Behind a proxy on this machine, loopback is where the whole world comes from.
  if (isLoopback(host) && !proxied) return;
  const missing: string[] = [];
  if (options.tls === undefined && !proxied) {
    missing.push(`${lines.tls} (or, where a proxy of yours ends TLS, its address in trustedProxies)`);
  }
  if (options.authenticator === undefined) missing.push(`${lines.authenticator} (every caller has to prove who it is)`);
  if (!options.allowedHosts?.length) missing.push(lines.allowedHosts);
  if (missing.length === 0) return;
  const [reach, instead] = proxied
    ? ["its proxies let other machines reach it", "Take trustedProxies out"]
    : ["other machines can reach that address", "Bind 127.0.0.1"];
  throw new ConfigError(
    `The server does not start on ${host}: ${reach}. ${instead}, or add:\n- ${missing.join("\n- ")}`,
  );
}
