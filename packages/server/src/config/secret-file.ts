import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { ConfigError } from "../errors/config-error.ts";

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o077;

/** A path from a configuration file, where no shell expands `~`. */
export function resolvePath(path: string): string {
  return resolve(path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path);
}

/**
 * Reads a secret from a file that only its owner can read. Secrets stand in files, never in the configuration itself, on
 * the command line or in a URL: all of those end up in process lists, logs and repositories.
 *
 * @throws {ConfigError} it cannot be read, is no plain file, is larger than 64 KiB, is empty, or others may read it
 */
export function readSecretFile(path: string, what: string): Buffer {
  const full = resolvePath(path);
  let file: number | undefined;
  try {
    file = openSync(full, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    const { mode, size } = stats;
    // A pipe has no size to be bounded by, and gives its content to whoever comes first.
    if (!stats.isFile()) throw new ConfigError(`${what}: ${full} is no plain file.`);
    if ((mode & OTHERS) !== 0 && process.platform !== "win32") {
      throw new ConfigError(`${what}: ${full} can be read by others. Take their rights away: chmod 600 ${full}`);
    }
    if (size > MAX_BYTES) throw new ConfigError(`${what}: ${full} is larger than ${MAX_BYTES} bytes.`);
    const secret = readFileSync(file);
    if (secret.length === 0) throw new ConfigError(`${what}: ${full} is empty.`);
    return secret;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${what}: ${full} cannot be read.`, { cause: error });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** {@link readSecretFile} as one line of text, without the line end that editors add. */
export function readSecretText(path: string, what: string): string {
  const text = readSecretFile(path, what)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  if (text === "") throw new ConfigError(`${what}: ${resolvePath(path)} is empty.`);
  return text;
}

/** A file that holds no secret, such as certificates. @throws {ConfigError} it cannot be read */
export function readPublicFile(path: string, what: string): Buffer {
  const full = resolvePath(path);
  try {
    return readFileSync(full);
  } catch (error) {
    throw new ConfigError(`${what}: ${full} cannot be read.`, { cause: error });
  }
}
