import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { ConfigError } from "../../errors/config-error.ts";
import type { PemSource, TlsPlan } from "./options.ts";
import { type Forbidden, NOT_SHARED, PRIVATE, PUBLIC, readPemFile } from "./pem-file.ts";

/** A pair, and the clients' authorities, fit to be served. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
  /** SHA-256 of the server's own certificate, for the record. */
  readonly fingerprint: string;
  readonly validTo: Date;
}

/**
 * Reads what a plan names and holds it to what a client would.
 *
 * @throws {ConfigError} unreadable, broken, mismatched, expired, or open to others. Never with text of a key.
 */
export async function loadCredentials(plan: TlsPlan): Promise<Credentials> {
  const cert = await read("The TLS certificate", plan.cert, PUBLIC);
  const key = await read("The TLS key", plan.key, PRIVATE);
  const clientCa =
    plan.clientCa === undefined ? undefined : await read("The clients' authority", plan.clientCa, NOT_SHARED);
  const [own] = certificatesIn("The TLS certificate", cert);
  if (!own.checkPrivateKey(privateKey(key))) {
    throw new ConfigError("The TLS certificate and the key do not belong together. Give both from the same issue.");
  }
  refuseOutOfDate("The TLS certificate", [own]);
  if (clientCa !== undefined)
    refuseOutOfDate("The clients' authority", certificatesIn("The clients' authority", clientCa));
  return { cert, key, clientCa, fingerprint: own.fingerprint256, validTo: own.validToDate };
}

async function read(what: string, source: PemSource, forbidden: Forbidden): Promise<string> {
  return "pem" in source ? source.pem.toString() : (await readPemFile(what, source.file, forbidden)).toString();
}

type Certificates = readonly [X509Certificate, ...X509Certificate[]];

/** Every certificate, each parsed: OpenSSL would pass over a broken one in silence, and its clients with it. */
function certificatesIn(what: string, pem: string): Certificates {
  const blocks = pem.split(/(?=-----BEGIN )/).filter((block) => block.startsWith("-----BEGIN "));
  try {
    // A key in a file that everybody may read must not go unnoticed, hence nothing but certificates.
    const [own, ...others] = blocks.map((block) => {
      if (!block.startsWith("-----BEGIN CERTIFICATE-----")) throw new TypeError("not a certificate");
      return new X509Certificate(block);
    });
    if (own !== undefined) return [own, ...others];
  } catch {
    // Told below; OpenSSL's own words would not help.
  }
  throw new ConfigError(`${what} is broken: it has to be PEM certificates and nothing else, the server's own first.`);
}

function privateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConfigError("The TLS key is broken or encrypted. Give an unencrypted PEM private key.");
  }
}

/** Of several, as in a change of authority, one that is good is enough. */
function refuseOutOfDate(what: string, certificates: Certificates): void {
  const now = new Date();
  if (certificates.some((one) => one.validFromDate <= now && now <= one.validToDate)) return;
  const { validFromDate, validToDate } = certificates[0];
  throw new ConfigError(
    `${what} is valid from ${validFromDate.toISOString()} to ${validToDate.toISOString()}, not now. Renew it, or set the clock.`,
  );
}
