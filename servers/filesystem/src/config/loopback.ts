import { ConfigError, isLoopback } from "@hardened-mcp/server";

/**
 * Refuses an address that other machines can reach. `serve` would too, but naming options that this server's configuration
 * does not have.
 *
 * @throws {ConfigError} the host is not loopback
 */
export function refuseOtherMachines(host: string): void {
  if (isLoopback(host)) return;
  throw new ConfigError(
    `This version serves loopback only: other machines can reach ${host}, and this server has no TLS and no authentication yet. Use 127.0.0.1. For other machines, put a proxy with TLS and authentication in front, and name its host in http.allowedHosts.`,
  );
}
