import { constants } from "node:crypto";
import { createSecureContext, type SecureContextOptions, type TlsOptions } from "node:tls";
import { ConfigError } from "../../errors/config-error.ts";
import type { Credentials } from "./credentials.ts";
import type { ClientCertificates } from "./options.ts";

/** Forward secrecy and authenticated encryption only (RFC 9325, section 4.2): no CBC, no key exchange by RSA. */
const CIPHERS = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
];

/**
 * What belongs to a certificate in service. A reload sets all of it again: `setSecureContext` with a pair alone would
 * bring the library's own ciphers back, and every authority of the system as one for clients.
 *
 * @throws {ConfigError} OpenSSL does not take it, such as a key that is too short
 */
export function contextOptions({ cert, key, clientCa }: Credentials): SecureContextOptions {
  const options: SecureContextOptions = {
    cert,
    key,
    ...(clientCa === undefined ? {} : { ca: clientCa }),
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers: CIPHERS.join(":"),
    honorCipherOrder: true,
    // A resumed session would bring back a client whose certificate has ended since, and in TLS 1.2 its ticket's key
    // opens every recorded connection. Renegotiation is a way to make the server work for nothing (CVE-2011-1473).
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  };
  try {
    createSecureContext(options);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `OpenSSL does not take the TLS certificate or key (${code}). Renew them with a stronger key.`,
    );
  }
  return options;
}

/** What belongs to the listening server, whatever its certificate. */
export function handshakeOptions(clientCertificates: ClientCertificates, handshakeTimeoutMs: number): TlsOptions {
  return {
    requestCert: clientCertificates !== "off",
    // "optional" must let those in who have none; what they do show is looked at by `refuseBadClients`.
    rejectUnauthorized: clientCertificates === "required",
    // Another protocol's answer must not be mistaken for ours on a shared certificate (ALPACA).
    ALPNProtocols: ["http/1.1"],
    handshakeTimeout: handshakeTimeoutMs,
  };
}
