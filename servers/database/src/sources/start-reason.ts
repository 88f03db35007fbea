import type { SqlError } from "@hardened-mcp/safe-sql";

/**
 * Why a database could not be opened, by the code of the cause: what to look at, and nothing of where it was looked for. The texts
 * of causes hold hosts, roles and paths.
 */
const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing listens at that address.",
  ENOTFOUND: "There is no host of that name.",
  EAI_AGAIN: "The name of the host could not be looked up.",
  EHOSTUNREACH: "The host cannot be reached.",
  ENETUNREACH: "The host cannot be reached.",
  ETIMEDOUT: "The host does not answer.",
  ECONNRESET: "The server ended the connection.",
  ENOENT: "There is no such socket.",
  "28P01": "The password is wrong, or there is no such role.",
  "28000": "The server does not let this role in from here.",
  "3D000": "The server has no database of that name.",
  "42501": "The role may not connect to this database.",
  "53300": "The server has no room for another connection.",
  "57P03": "The server is starting up or going down.",
  ERR_TLS_CERT_ALTNAME_INVALID: "Its certificate is for another name: see tls.serverName.",
  CERT_HAS_EXPIRED: "Its certificate has expired.",
};

/** Where there is no code to tell it by. */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/client password must be/, "The server asks for a password, and the URL holds none: see urlFile."],
  [/does not support SSL/, "The server offers no TLS, which a host that is not this machine needs."],
  [/certificate|self.signed|issuer/i, "Its certificate is signed by nobody who is trusted: see tls.caFile."],
  [/timeout expired|terminated due to connection timeout/, "The host does not answer."],
  [/file is not a database/, "The file is no SQLite database."],
  [/database disk image is malformed/, "The file is damaged: see PRAGMA integrity_check."],
  [/unable to open database file/, "The file, or the folder that it lies in, cannot be read by this user."],
];

/** @returns a sentence for the operator; `undefined` where nothing is known that is safe to say */
export function startReason(error: SqlError): string | undefined {
  let found: string | undefined;
  for (let cause: unknown = error.cause; cause instanceof Error && found === undefined; cause = cause.cause) {
    const { code } = cause as { readonly code?: unknown };
    found = typeof code === "string" && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
    found ??= BY_TEXT.find(([text]) => text.test(String(cause)))?.[1];
  }
  return found;
}
