import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import type { TlsFiles } from "../options/options.ts";
import { ShipFailure } from "./target.ts";

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o077;

/**
 * Reads a file, a secret only if nobody but its owner can.
 *
 * @throws {ShipFailure} `secret_exposed`, `file_unreadable`
 */
function readSmall(path: string, secret: boolean): Buffer {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { mode, size, ...info } = fstatSync(fd);
    if (secret && (mode & OTHERS) !== 0 && process.platform !== "win32") throw new ShipFailure("secret_exposed");
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > MAX_BYTES || info.nlink === 0) {
      throw new ShipFailure("file_unreadable");
    }
    return readFileSync(fd);
  } catch (error) {
    if (error instanceof ShipFailure) throw error;
    throw new ShipFailure("file_unreadable", { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** A header's value from a file, less the line end that editors add. @throws {ShipFailure} also `secret_malformed` */
export function readSecret(path: string): string {
  const value = readSmall(path, true)
    .toString("latin1")
    .replace(/\r?\n$/, "");
  // A line feed in a header's value would begin another header.
  if (!/^[\t -~]+$/.test(value)) throw new ShipFailure("secret_malformed");
  return value;
}

/** What `tls.connect` needs, besides the host; nothing of it can be had from the environment. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly minVersion: "TLSv1.2";
  readonly rejectUnauthorized: true;
}

/** @throws {ShipFailure} `file_unreadable`, `secret_exposed` */
export function readTls({ caFile, certFile, keyFile }: TlsFiles): TlsMaterial {
  return {
    ...(caFile === undefined ? {} : { ca: readSmall(caFile, false) }),
    ...(certFile === undefined ? {} : { cert: readSmall(certFile, false) }),
    ...(keyFile === undefined ? {} : { key: readSmall(keyFile, true) }),
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
  };
}

/** Headers that are secrets, by name. */
export function readHeaders(target: {
  readonly bearerFile?: string | undefined;
  readonly headerFiles: Readonly<Record<string, string>>;
}): Record<string, string> {
  const headers = Object.fromEntries(
    Object.entries(target.headerFiles).map(([name, file]) => [name, readSecret(file)]),
  );
  return target.bearerFile === undefined
    ? headers
    : { ...headers, authorization: `Bearer ${readSecret(target.bearerFile)}` };
}
