import { isIP } from "node:net";
import { ConfigError } from "../errors/config-error.ts";
import type { HttpOptions } from "./options.ts";

/** Names and addresses that cannot be reached from another machine. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

/**
 * Refuses a bind that other machines can reach unless everything that makes it safe is there. A warning would scroll by;
 * servers bound to 0.0.0.0 without authentication are how CVE-2025-49596 and CVE-2026-23744 were reached.
 *
 * @throws {ConfigError} naming each line to add
 */
export function refuseUnsafeBind(options: HttpOptions): void {
  const host = options.host ?? "127.0.0.1";
  if (isLoopback(host)) return;
  const missing: string[] = [];
  if (options.tls === undefined)
    missing.push('tls: { cert: readFileSync("server.pem"), key: readFileSync("server.key") }');
  if (options.authenticator === undefined) missing.push("authenticator: ... (every caller has to prove who it is)");
  if (!options.allowedHosts?.length) missing.push('allowedHosts: ["mcp.example.com"]');
  if (missing.length === 0) return;
  throw new ConfigError(
    `The server does not start on ${host}: other machines can reach that address. Bind 127.0.0.1, or add:\n- ${missing.join("\n- ")}`,
  );
}
