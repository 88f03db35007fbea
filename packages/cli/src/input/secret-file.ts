import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { exit, Failure } from "../exit.ts";

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o077;

/**
 * Reads a secret from a file that only its owner can read, as the servers do: a key that others can read is no key.
 *
 * @throws {Failure} 78: it cannot be read, is no file, is empty or larger than 64 KiB, or others may read it
 */
export function readSecretFile(path: string, what: string): Buffer {
  let fd: number | undefined;
  try {
    // A pipe would otherwise be waited for.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw refuse(`${what}: ${path} is not a file.`);
    if ((stat.mode & OTHERS) !== 0 && process.platform !== "win32") {
      throw refuse(`${what}: ${path} can be read by others. Take their rights away: chmod 600 ${path}`);
    }
    if (stat.size === 0) throw refuse(`${what}: ${path} is empty.`);
    if (stat.size > MAX_BYTES) throw refuse(`${what}: ${path} is larger than ${MAX_BYTES} bytes.`);
    return readFileSync(fd);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw refuse(`${what}: ${path} cannot be read${code}.`);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function refuse(message: string): Failure {
  return new Failure(exit.configuration, message);
}
