import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ConfigError } from "../errors/config-error.ts";

const EVERYBODY_MAY_WRITE = 0o002;
/** In such a folder, /tmp for one, only owners rename what they own. */
const STICKY = 0o1000;

/**
 * Reads what was reviewed, if nobody but root and this process's own user can have put it there. A group may be the operators'.
 *
 * @returns `undefined`: there is no such file
 * @throws {ConfigError} it cannot be read, is a link or no plain file, is too large, or another user owns it or can put another in its
 * place
 */
export function readReviewedFile(file: string, maxBytes: number): Buffer | undefined {
  const named = `The tools lock ${file}`;
  let fd: number | undefined;
  try {
    // The links above it are resolved once: what is opened lies in the folder that is looked at.
    const folder = realpathSync.native(dirname(file));
    // A pipe would have the start wait for whoever writes to it.
    fd = openSync(join(folder, basename(file)), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    refuseForeignFile(named, file, fstatSync(fd), maxBytes);
    refuseForeignFolder(named, folder);
    return readFileSync(fd);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    // What it leads to may lie where others write, and may be another file at the next start.
    if (code === "ELOOP") throw new ConfigError(`${named} is a link. Name the file that was reviewed itself.`);
    throw new ConfigError(`${named} cannot be read.`, { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function refuseForeignFile(named: string, file: string, stats: Stats, maxBytes: number): void {
  if (!stats.isFile()) throw new ConfigError(`${named} is no plain file.`);
  if (isForeign(stats)) {
    throw new ConfigError(
      `${named} belongs to another user, who may have written anything. Look at what it says, then: chown ${ownUser()} ${file}`,
    );
  }
  if (canAllWrite(stats)) {
    throw new ConfigError(
      `${named} can be written by everybody. Take that right away, and look at what it says: chmod o-w ${file}`,
    );
  }
  if (stats.size > maxBytes) throw new ConfigError(`${named} is larger than ${maxBytes} bytes.`);
}

/** Whoever can rename in a folder can put a file in the place of another, and whoever can rename the folder can, too. */
function refuseForeignFolder(named: string, folder: string): void {
  const stats = statSync(folder);
  if (isForeign(stats)) {
    throw new ConfigError(`${named} lies in a folder of another user, who can put another there: ${folder}`);
  }
  for (let above = folder; ; above = dirname(above)) {
    const { mode } = statSync(above);
    if (canAllWrite({ mode }) && (mode & STICKY) === 0) {
      throw new ConfigError(
        `${named} can be put aside by everybody, who can write ${above}. Take that right away, and look at what the file says: chmod o-w ${above}`,
      );
    }
    if (above === dirname(above)) return;
  }
}

/** Windows has neither owners nor modes to ask. */
function canAllWrite({ mode }: Pick<Stats, "mode">): boolean {
  return process.platform !== "win32" && (mode & EVERYBODY_MAY_WRITE) !== 0;
}

function isForeign({ uid }: Stats): boolean {
  const own = process.geteuid?.();
  return own !== undefined && uid !== own && uid !== 0;
}

function ownUser(): string {
  return String(process.geteuid?.() ?? "");
}
