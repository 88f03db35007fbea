import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { StateSettings } from "./options.ts";

/** TLS that verifies the certificate and the name in it, whatever the environment says. */
export function tlsOptions(host: string, settings: StateSettings): ConnectionOptions {
  // An address may not be a server name (RFC 6066, section 3); both libraries hold the certificate against the host then.
  return { ...settings.tls, ...(isIP(host) === 0 && { servername: host }), rejectUnauthorized: true };
}
