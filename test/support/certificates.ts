import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HOUR_MS = 3_600_000;

/** A certificate and its private key, as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface IssueOptions {
  /** DNS names and IP addresses. Default: `localhost` and `127.0.0.1`. */
  readonly names?: readonly string[];
  readonly commonName?: string;
  /** Default `server`. */
  readonly usage?: "server" | "client";
  /** Milliseconds from now; negative makes one that has expired. Default: one hour. */
  readonly validForMs?: number;
}

/** A certificate authority that nobody trusts but the test that made it. */
export interface TestCa {
  readonly cert: string;
  issue(options?: IssueOptions): Promise<Issued>;
}

export async function createTestCa(commonName = "test authority"): Promise<TestCa> {
  const keys = await newKeys();
  const name = `CN=${commonName}`;
  const root = await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - HOUR_MS),
    notAfter: new Date(Date.now() + 24 * HOUR_MS),
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    cert: root.toString("pem"),
    async issue({
      names = ["localhost", "127.0.0.1"],
      commonName: subject = "test",
      usage = "server",
      validForMs = HOUR_MS,
    } = {}) {
      const own = await newKeys();
      const leaf = await X509CertificateGenerator.create({
        subject: `CN=${subject}`,
        issuer: name,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        notBefore: new Date(Date.now() + Math.min(0, validForMs) - HOUR_MS),
        notAfter: new Date(Date.now() + validForMs),
        extensions: [
          new BasicConstraintsExtension(false),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage[usage === "server" ? "serverAuth" : "clientAuth"]]),
          new SubjectAlternativeNameExtension(
            names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ("ip" as const) : ("dns" as const), value })),
          ),
        ],
      });
      return { cert: leaf.toString("pem"), key: await privatePem(own.privateKey) };
    },
  };
}

async function newKeys() {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)?.join("\n") ?? ""}\n-----END PRIVATE KEY-----\n`;
}
