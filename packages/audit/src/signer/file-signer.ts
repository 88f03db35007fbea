import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { AuditError } from "../errors.ts";
import { syncFolder } from "../folder/folder.ts";
import { writeNew } from "../folder/write-new.ts";
import { verifierKey } from "../note/verifier-key.ts";
import { readPrivateFile } from "./private-file.ts";
import type { Signer } from "./signer.ts";

/**
 * Signs with a key in a file: PKCS#8 in PEM, Ed25519, readable by its owner only.
 *
 * @param name what the key signs as; default: `SERVER/` and the beginning of the key's own hash
 * @throws {AuditError} `insecure`: others may read it, or it is a link; `unavailable`: it is not there; `invalid`: no such key
 */
export function openFileSigner(options: {
  readonly file: string;
  readonly server: string;
  readonly name?: string;
}): Signer {
  const pem = readPrivateFile(options.file);
  if (pem === undefined) throw new AuditError("unavailable", `there is no signing key ${options.file}`);
  return signerOf(parseKey(pem, options.file), options.server, options.name);
}

/**
 * The key of a folder, made on first use.
 *
 * @throws {AuditError} `unavailable`: it is being changed
 */
export function openFolderSigner(file: string, server: string): Signer {
  // A log that is opened with the key that is about to go could never be signed again.
  if (existsSync(nextKeyFile(file))) {
    throw new AuditError(
      "unavailable",
      `${file} is being changed; if it was interrupted, run "hardened-mcp audit rotate-key" again`,
    );
  }
  return openOrMakeKey(file, server);
}

/** Where the new key of a folder lies until every log has gone over to it. */
export function nextKeyFile(file: string): string {
  return `${file}.next`;
}

/** A key that is there, or a new one. Several processes may start at once: one makes it, all use it. */
export function openOrMakeKey(file: string, server: string): Signer {
  const pem = readPrivateFile(file) ?? makeKey(file);
  return signerOf(parseKey(pem, file), server);
}

function signerOf(key: KeyObject, server: string, name = `${server}/${fingerprint(key)}`): Signer {
  return { key: verifierKey(name, key), sign: (message) => sign(undefined, message, key) };
}

function parseKey(pem: Buffer, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new AuditError("invalid", `${file} holds no private key in PEM without a passphrase`, { cause: error });
  }
}

function fingerprint(key: KeyObject): string {
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return hash("sha256", der, "base64url").slice(0, 12);
}

/** Made complete and then linked into place: a crash never leaves half a key, and of two makers one wins. */
function makeKey(file: string): Buffer {
  const pem = Buffer.from(generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }));
  const temporary = `${file}.${process.pid}.new`;
  rmSync(temporary, { force: true });
  try {
    writeNew(temporary, pem, true);
    linkSync(temporary, file);
    syncFolder(dirname(file));
    return pem;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return readFileSync(file);
    throw new AuditError("unavailable", `cannot make the signing key ${file}`, { cause: error });
  } finally {
    rmSync(temporary, { force: true });
  }
}
