import { ConfigError } from "../../errors/config-error.ts";
import { refuseUnknownKeys } from "../../errors/known-keys.ts";

/** Whether a client shows a certificate in the handshake. */
export type ClientCertificates = "off" | "optional" | "required";

/**
 * TLS at the HTTP entry. Either `cert` and `key`, which are final, or `certFile` and `keyFile`, which are read again when
 * they change. TLS 1.2 with forward-secret AEAD ciphers is the floor, and nothing weakens it.
 */
export interface TlsOptions {
  /** PEM certificate chain, the server's own first. */
  readonly cert?: string | Buffer;
  /** PEM private key, not encrypted. */
  readonly key?: string | Buffer;
  /** Path of the chain. */
  readonly certFile?: string;
  /** Path of the key. Refused where its group or others can read it. */
  readonly keyFile?: string;
  /**
   * `required`: a handshake without a valid client certificate fails. `optional`: a client may have none, but one that it
   * does show has to be valid; a bad one is not the same as none. Default `off`. A certificate in a header counts nowhere.
   */
  readonly clientCertificates?: ClientCertificates;
  /** PEM authorities whose clients are accepted; the only ones, the system's are not among them. */
  readonly clientCa?: string | Buffer;
  /** Path of the authorities, read again with the pair. Refused where its group or others can write it. */
  readonly clientCaFile?: string;
  /** Milliseconds between two looks at the files. Default 10,000. */
  readonly reloadMs?: number;
}

const TLS_OPTIONS: Readonly<Record<keyof TlsOptions, true>> = {
  cert: true,
  key: true,
  certFile: true,
  keyFile: true,
  clientCertificates: true,
  clientCa: true,
  clientCaFile: true,
  reloadMs: true,
};

const MODES: readonly ClientCertificates[] = ["off", "optional", "required"];

/** Where one PEM comes from. */
export type PemSource = { readonly pem: string | Buffer } | { readonly file: string };

/** {@link TlsOptions}, checked. */
export interface TlsPlan {
  readonly cert: PemSource;
  readonly key: PemSource;
  readonly clientCertificates: ClientCertificates;
  readonly clientCa: PemSource | undefined;
  readonly reloadMs: number;
}

/** @throws {ConfigError} something is missing, there twice, or unknown */
export function planTls(options: TlsOptions): TlsPlan {
  refuseUnknownKeys("http.tls", options, TLS_OPTIONS);
  const { clientCertificates = "off", reloadMs = 10_000 } = options;
  if (!MODES.includes(clientCertificates)) {
    throw new ConfigError(`tls.clientCertificates is one of ${MODES.join(", ")}.`);
  }
  if (!Number.isInteger(reloadMs) || reloadMs < 50 || reloadMs > 86_400_000) {
    throw new ConfigError("tls.reloadMs is a whole number of milliseconds, from 50 to 86400000.");
  }
  const cert = source("cert", options.cert, options.certFile);
  const key = source("key", options.key, options.keyFile);
  const clientCa = source("clientCa", options.clientCa, options.clientCaFile);
  // A pair that is half a file could never be renewed: the new half would not fit the old one.
  if (cert === undefined || key === undefined || "file" in cert !== "file" in key) {
    throw new ConfigError(
      'tls needs { certFile: "server.pem", keyFile: "server.key" }, or both as text: { cert, key }.',
    );
  }
  // Without an authority of one's own every certificate of a public one would do.
  if ((clientCertificates === "off") !== (clientCa === undefined)) {
    throw new ConfigError(
      clientCa === undefined
        ? `tls.clientCertificates is "${clientCertificates}", but nobody says whose certificates are good. Add clientCaFile: "clients.pem".`
        : 'tls has a clientCa but asks no client for a certificate. Add clientCertificates: "required", or take the clientCa out.',
    );
  }
  return { cert, key, clientCertificates, clientCa, reloadMs };
}

function source(name: string, pem: string | Buffer | undefined, file: string | undefined): PemSource | undefined {
  if (pem !== undefined && file !== undefined) {
    throw new ConfigError(`tls has both ${name} and ${name}File, and does not know which is meant. Keep one.`);
  }
  if (file !== undefined) return { file };
  return pem === undefined ? undefined : { pem };
}
