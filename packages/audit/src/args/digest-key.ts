import { hash, randomBytes } from "node:crypto";
import { closeSync, constants, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "../errors.ts";
import type { AuditArgs } from "../event.ts";
import { refuseForeignFile } from "../folder/folder.ts";
import { canonicalJson } from "./canonical.ts";
import { hmacSha256 } from "./hmac.ts";

const KEY_BYTES = 32;

/** Digests values under the key of one log. */
export interface Digester {
  /** Names the key without revealing it, so that a reader knows which digests compare. */
  readonly keyId: string;
  digest(value: unknown): AuditArgs;
}

/**
 * Opens `digest.key` of a log, making it on first use.
 *
 * Keyed, because arguments are guessable: with a bare hash, whoever gets the log could try every account number. The
 * file is made complete and then linked into place, so a crash never leaves half a key.
 */
export function openDigester(dir: string): Digester {
  const path = join(dir, "digest.key");
  const key = readKey(path) ?? makeKey(path);
  const hmac = hmacSha256(key);
  return {
    keyId: hash("sha256", key, "base64url").slice(0, 12),
    digest(value) {
      const message = Buffer.from(canonicalJson(value));
      return { digest: hmac(message), bytes: message.length };
    },
  };
}

function readKey(path: string): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AuditError("insecure", `cannot open ${path}`, { cause: error });
  }
  try {
    const info = refuseForeignFile(path, fd);
    if (info.size !== KEY_BYTES) throw new AuditError("damaged", `${path} is not a key of ${KEY_BYTES} bytes`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The caller holds the writer lock, so nobody else makes a key at the same time. */
function makeKey(path: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const fd = openSync(
    temporary,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    writeSync(fd, key);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  linkSync(temporary, path);
  rmSync(temporary);
  return key;
}
