import type { Shape } from "../anchored.ts";

const TAIL40 = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/** Keys, credentials in addresses and headers, cloud accounts. */
export const GENERAL_SHAPES: readonly Shape[] = [
  {
    id: "aws_access_key",
    anchors: ["AKIA", "ASIA", "ABIA", "ACCA"].map((find) => ({ find, at: 0 })),
    pattern: /(?<![A-Za-z0-9])A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
    example: ["AKIA", "IOSFODNN7EXAMPLE"],
    nearMiss: ["AKIA", "IOSFODNN7EXAMPLELONGER"],
  },
  {
    id: "aws_secret_key",
    anchors: ["KEY", "Key", "key"].map((find) => ({ find, at: 0 })),
    pattern:
      /(?<=secret_?(?:access_?)?)key["'\\]{0,4}\s{0,4}(?::|=>?)\s{0,4}["'\\]{0,4}(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/i,
    example: ["aws_secret_access_key = ", TAIL40],
    nearMiss: ["aws_secret_access_key = ", "read it from the vault"],
  },
  {
    id: "azure_account_key",
    anchors: [{ find: "Key=", at: 7 }],
    pattern: /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/,
    example: ["AccountKey=", "abcdefghijklmnopqrstuvwxyz0123456789+/ABCDE".repeat(2), "=="],
    nearMiss: ["AccountKey=", "changeme"],
  },
  {
    id: "private_key",
    // The search starts from the end of the first line because "K" is rare.
    anchors: ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", "PGP "].map((type) => ({
      find: "KEY",
      at: `-----BEGIN ${type}PRIVATE `.length,
    })),
    pattern:
      /-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,65536}(?:-----END (?:[A-Z]{2,9} )?PRIVATE KEY(?: BLOCK)?-----)?/,
    example: ["-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc=\n-----END RSA ", "PRIVATE KEY-----"],
    nearMiss: ["-----BEGIN ", "PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"],
  },
  {
    id: "age_secret_key",
    anchors: [{ find: "KEY-1", at: 11 }],
    pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/,
    example: ["AGE-SECRET-KEY-1", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE"],
    nearMiss: ["AGE-SECRET-KEY-1", "..."],
  },
  {
    id: "jwt",
    anchors: [{ find: "yJ", at: 1 }],
    // Both the header and the payload are objects, and base64url of `{"` is `eyJ`.
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.(?:eyJ[A-Za-z0-9_-]{2,16384})\.[A-Za-z0-9_-]{0,2048}/,
    accept: hasJoseHeader,
    example: [
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
      ".eyJzdWIiOiIxMjM0NTY3ODkwIn0",
      ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    ],
    nearMiss: ["eyJub3QiOiJhIGhlYWRlciJ9", ".eyJzdWIiOiIxIn0", ".abc"],
  },
  {
    id: "url_password",
    anchors: [{ find: "://", at: 0 }],
    pattern: /:\/\/[^\s/:@"'<>`]{0,256}:(?<secret>[^\s/"'<>`]{1,256})@/,
    example: ["postgres://app:", "s3cr3t-Pa55", "@db.internal/app"],
    nearMiss: ["http://localhost:", "8080", "/path"],
  },
  {
    id: "authorization",
    anchors: [{ find: "zation", at: 7 }],
    pattern:
      /authorization["'\\]{0,4}\s{0,4}[:=]\s{0,4}["'\\]{0,4}(?:Basic|Bearer|DPoP|Token) {1,4}(?<secret>[A-Za-z0-9._~+/=-]{12,8192})/i,
    example: ["Authorization: Basic ", "dXNlcjpwYXNzd29yZA=="],
    nearMiss: ["Authorization: ", "Bearer tokens are described in RFC 6750"],
  },
];

function hasJoseHeader(token: string): boolean {
  const header = token.slice(0, token.indexOf("."));
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
    return typeof parsed === "object" && parsed !== null && ("alg" in parsed || "enc" in parsed || "typ" in parsed);
  } catch {
    return false;
  }
}
