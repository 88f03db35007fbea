import { constants, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { ConfigError } from "../../errors/config-error.ts";

/** Permission bits that must not be there, and what they would allow. */
export interface Forbidden {
  readonly bits: number;
  readonly why: string;
  readonly fix: string;
}

/** Whoever reads the key can be this server. */
export const PRIVATE: Forbidden = { bits: 0o077, why: "its group or others have access to it", fix: "chmod 600" };
/** Whoever writes the list of client authorities can let anybody in. */
export const NOT_SHARED: Forbidden = { bits: 0o022, why: "its group or others can write it", fix: "chmod 644" };
/** A certificate is public; one that was swapped fits no key. */
export const PUBLIC: Forbidden = { bits: 0, why: "", fix: "" };

const MAX_BYTES = 1024 * 1024;

/**
 * Reads a PEM file whose permissions are in order. They are those of the open file, so that nothing can be swapped in
 * between look and read.
 *
 * @throws {ConfigError} it cannot be read, or should not be trusted
 */
export async function readPemFile(what: string, path: string, forbidden: Forbidden): Promise<Buffer> {
  try {
    // Without O_NONBLOCK a pipe in its place would hold up the start for ever.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    refuseUnfit(what, path, await file.stat(), forbidden);
    return await file.readFile();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new ConfigError(`${what} ${path} cannot be read (${code}). Check the path and who may read it.`);
  }
}

function refuseUnfit(what: string, path: string, stats: Stats, forbidden: Forbidden): void {
  if (!stats.isFile() || stats.size > MAX_BYTES) {
    throw new ConfigError(`${what} ${path} is no PEM file: it is not a plain file of at most 1 MiB.`);
  }
  // Windows has no such bits; Node makes them up.
  if (process.platform !== "win32" && (stats.mode & forbidden.bits) !== 0) {
    throw new ConfigError(`${what} ${path} is not used: ${forbidden.why}. Run: ${forbidden.fix} ${path}`);
  }
}
