import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import type { RootContext } from "./context.ts";
import { locate } from "./decide.ts";
import { type Entry, entryOf, inspect, splitLast, typeOf } from "./entry.ts";
import { system } from "./errno.ts";
import { PathError } from "./errors.ts";
import { created, type OpenFile } from "./open-file.ts";
import { type SafePath, splitPath } from "./parse.ts";

/** Defaults: only the owner. Bits that the umask clears stay cleared. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

export interface CreateOptions {
  /** Permission bits. Default 0600 for files, 0700 for directories. */
  readonly mode?: number;
}

export interface RenameOptions {
  /** Replace a file or link of the new name, atomically. Never replaces a directory. Default false. */
  readonly replace?: boolean;
}

/** Runs `use` on an entry of the directory that the path's parent really is. */
export function withEntry<T>(root: RootContext, path: SafePath, use: (entry: Entry) => T): T {
  const { parent, name } = splitLast(path);
  const directory = locate(root, parent);
  try {
    if (!directory.located.stat.isDirectory()) throw new PathError("not_a_directory");
    return use(entryOf(root, directory, name));
  } finally {
    closeSync(directory.located.fd);
  }
}

export function createFile(root: RootContext, path: SafePath, options: CreateOptions = {}): OpenFile {
  // O_EXCL is what makes a dangling link fail: without it the file would be created at the link's outside target.
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  return withEntry(root, path, (entry) =>
    created(
      system(() => openSync(entry.systemPath, flags, permissions(options.mode ?? FILE_MODE))),
      entry.path,
    ),
  );
}

export function makeDirectory(root: RootContext, path: SafePath, options: CreateOptions = {}): void {
  withEntry(root, path, (entry) =>
    system(() => mkdirSync(entry.systemPath, permissions(options.mode ?? DIRECTORY_MODE))),
  );
}

export function rename(root: RootContext, from: SafePath, to: SafePath, options: RenameOptions = {}): void {
  withEntry(root, from, (source) =>
    withEntry(root, to, (target) => {
      refuseGuarded(root, source);
      refuseGuarded(root, target);
      const type = changeableType(root, source);
      if (type === "directory") renameDirectory(source, target);
      else if (options.replace === true) replaceFile(source, target);
      else moveFile(source, target);
    }),
  );
}

export function remove(root: RootContext, path: SafePath): void {
  withEntry(root, path, (entry) => {
    const type = changeableType(root, entry);
    system(() => (type === "directory" ? rmdirSync(entry.systemPath) : unlinkSync(entry.systemPath)));
  });
}

/** Never set-user-ID, set-group-ID or sticky: a server run by root must not hand those out. */
function permissions(mode: number): number {
  return mode & 0o777;
}

/** Node has no RENAME_NOREPLACE. link() refuses an existing name atomically; for an instant the file has two names. */
function moveFile(source: Entry, target: Entry): void {
  system(() => linkSync(source.systemPath, target.systemPath));
  system(() => unlinkSync(source.systemPath));
}

/** rename() replaces an empty directory, so one made between check and rename is lost; anything else makes it fail. */
function renameDirectory(source: Entry, target: Entry): void {
  if (existingType(target) !== undefined) throw new PathError("exists");
  system(() => renameSync(source.systemPath, target.systemPath));
}

function replaceFile(source: Entry, target: Entry): void {
  const type = existingType(target);
  if (type === "directory") throw new PathError("not_a_file");
  if (type === "special") throw new PathError("special_file");
  system(() => renameSync(source.systemPath, target.systemPath));
}

function existingType(entry: Entry) {
  const stat = system(() => lstatSync(entry.systemPath, { throwIfNoEntry: false }));
  return stat === undefined ? undefined : typeOf(stat);
}

function changeableType(root: RootContext, entry: Entry): "file" | "directory" | "link" {
  const { type } = inspect(entry);
  if (type === "special") throw new PathError("special_file");
  if (type === "link" && root.options.links === "refuse") throw new PathError("link");
  return type;
}

function refuseGuarded(root: RootContext, entry: Entry): void {
  if (root.rules.deny.guards(splitPath(entry.path))) throw new PathError("denied_name");
}
