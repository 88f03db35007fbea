import { closeSync, existsSync, fsyncSync, linkSync, openSync, realpathSync, renameSync, unlinkSync } from "node:fs";
import { dirname, sep } from "node:path";
import { exit, Failure, UsageError } from "../exit.ts";
import { type Write, writeAll } from "./writer.ts";

/** A file that has its name only when it is whole. */
export interface NewFile {
  readonly write: Write;
  /** @throws {Failure} 73 */
  finish(): void;
  /** Takes away what was written. @returns the file that could not be taken away */
  discard(): string | undefined;
}

/** File systems without hard links. */
const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);

/**
 * Makes a file, 0600, beside others: nothing is overwritten, and no half file is ever found under `path`. Until it is whole
 * it is `path` with `.part` behind it.
 *
 * @throws {Failure} 73; {@link UsageError}: the file would stand in the folder of the log
 */
export function newFile(path: string, logDir: string): NewFile {
  const part = `${path}.part`;
  let fd: number | undefined;
  try {
    if (existsSync(path)) throw refuse(path, "exists, and nothing is overwritten");
    refuseInside(path, logDir);
    // O_EXCL also refuses a link in its place.
    fd = openSync(part, "wx", 0o600);
  } catch (error) {
    if (error instanceof Failure || error instanceof UsageError) throw error;
    const code = codeOf(error);
    if (code === "EEXIST") throw refuse(part, "exists: an export was broken off, or is running. If none is, delete it");
    throw refuse(path, `cannot be made (${code})`);
  }
  const file = fd;
  return {
    write: async (text) => writeAll(file, text, path),
    finish() {
      try {
        fsyncSync(file);
        closeSync(file);
        giveName(part, path);
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw refuse(path, codeOf(error) === "EEXIST" ? "came to be meanwhile" : `cannot be made (${codeOf(error)})`);
      }
    },
    discard() {
      try {
        unlinkSync(part);
        return undefined;
      } catch (error) {
        return codeOf(error) === "ENOENT" ? undefined : part;
      }
    },
  };
}

/** A link, unlike a rename, refuses a name that is taken. */
function giveName(part: string, path: string): void {
  try {
    linkSync(part, path);
    unlinkSync(part);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error))) throw error;
    if (existsSync(path)) throw refuse(path, "came to be meanwhile");
    renameSync(part, path);
  }
}

/** An export among the segments could be taken for one of them. */
function refuseInside(path: string, logDir: string): void {
  const log = existsSync(logDir) ? realpathSync(logDir) : undefined;
  const folder = realpathSync(dirname(path));
  if (log !== undefined && (folder === log || folder.startsWith(`${log}${sep}`))) {
    throw new UsageError("--out is inside the folder of the log; choose another place");
  }
}

function refuse(path: string, why: string): Failure {
  return new Failure(exit.cannotWrite, `${path} ${why}.`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
