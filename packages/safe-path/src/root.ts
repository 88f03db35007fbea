import { closeSync } from "node:fs";
import { basename, isAbsolute } from "node:path";
import type { Backend } from "./backend.ts";
import { refuseBroadRoot } from "./breadth.ts";
import {
  type CreateOptions,
  createFile,
  makeDirectory,
  type RenameOptions,
  remove,
  rename,
  withEntry,
} from "./change.ts";
import type { RootContext } from "./context.ts";
import { locate } from "./decide.ts";
import { compileDeny } from "./deny.ts";
import { describeEntry, type EntryInfo, inspect } from "./entry.ts";
import { system } from "./errno.ts";
import { PathError } from "./errors.ts";
import { browsable, type OpenDirectory } from "./open-directory.ts";
import { type OpenFile, type OpenFileOptions, readable } from "./open-file.ts";
import { completeOptions, type RootOptions } from "./options.ts";
import { type ParseRules, parsePath, type SafePath, splitPath, stripRoot } from "./parse.ts";
import { backendOf } from "./platform.ts";

/** A directory held open, and the only way into it. Every method throws PathError, `closed` after `close()`. */
export interface Root extends Disposable {
  /** Canonical absolute path at the time of opening. For operators; not for clients. */
  readonly path: string;
  readonly name: string;
  /** Whether an absolute path lies lexically in this root. For choosing between roots, not for deciding access. */
  contains(absolute: string): boolean;
  /** Checks a client's path, see `parsePath`. @throws {PathError} `invalid_name`, `outside_root`, `denied_name`, ... */
  parse(input: string): SafePath;
  /**
   * Opens a regular file for reading. Never blocks on a FIFO, never touches a device.
   * @throws {PathError} `not_found`, `outside_root`, `link`, `denied_name`, `not_a_file`, `special_file`, `hard_link`,
   *   `too_large`, `too_deep`, `invalid_name`, `other_mount`, `root_moved`, `permission`
   */
  openFile(path: SafePath, options?: OpenFileOptions): OpenFile;
  /** Opens a directory. @throws {PathError} as `openFile`, and `not_a_directory` */
  openDirectory(path: SafePath): OpenDirectory;
  /** Describes what the path names; a last link is described, not followed. @throws {PathError} as `openFile` */
  stat(path: SafePath): EntryInfo;
  /** Creates a file that did not exist, for reading and writing. @throws {PathError} `exists` also for a link */
  createFile(path: SafePath, options?: CreateOptions): OpenFile;
  /** Creates one directory. @throws {PathError} `exists` */
  makeDirectory(path: SafePath, options?: CreateOptions): void;
  /** Moves an entry inside the root; a link is moved as a link. @throws {PathError} `exists`, `denied_name`, ... */
  rename(from: SafePath, to: SafePath, options?: RenameOptions): void;
  /** Removes a file, a link itself, or an empty directory. @throws {PathError} `not_empty`, `special_file`, ... */
  remove(path: SafePath): void;
  /** Closes the root; again is harmless. Files opened through it stay open. */
  close(): void;
}

/**
 * Opens a directory, once, as the boundary for everything below it.
 *
 * @param path absolute; may itself be a link, which is resolved now and never again
 * @throws {PathError} `root_not_found`, `root_too_broad`, `unsupported`, `invalid_option`
 */
export function openRoot(path: string, options: RootOptions = {}): Root {
  return openRootWith(backendOf(process.platform), path, options);
}

/** `openRoot` on a chosen backend, so that one suite of tests can run on each. */
export function openRootWith(backend: Backend, path: string, options: RootOptions): Root {
  const full = completeOptions(options);
  const deny = compileDeny(full.deny);
  if (typeof path !== "string" || !isAbsolute(path)) throw new PathError("root_not_found");

  const directory = backend.openRoot(path);
  try {
    // Bytes that are not UTF-8 would make every later comparison one of replacement characters.
    if (directory.path.includes("\ufffd") || directory.path.endsWith(" (deleted)")) throw new PathError("invalid_name");
    if (!full.dangerouslyAllowBroadRoot) {
      const openPath = backend.entryPath({ fd: directory.fd, answer: directory.path }, ".");
      system(() => refuseBroadRoot(directory.path, openPath));
    }
    const mount = backend.mountOf(directory.fd);
    if (mount === undefined && full.mounts === "refuse") throw new PathError("unsupported");
    const rules = { ...full, deny, aliases: [directory.path, path], accepted: new Map<string, SafePath>() };
    return rootOn({ backend, directory, options: full, rules, mount });
  } catch (error) {
    closeSync(directory.fd);
    throw error;
  }
}

function rootOn(opened: RootContext): Root {
  const { directory, rules } = opened;
  let open = true;
  const root: RootContext = {
    ...opened,
    get directory() {
      if (!open) throw new PathError("closed");
      return directory;
    },
  };
  const close = () => {
    if (open) closeSync(directory.fd);
    open = false;
  };

  return {
    path: directory.path,
    name: opened.options.name ?? basename(directory.path),
    contains: (absolute) => isInside(absolute, rules),
    parse: (input) => parsePath(input, rules),
    openFile: (path, options) => readable(root, locate(root, path), options),
    openDirectory: (path) => browsable(root, locate(root, path)),
    stat: (path) => (path === "." ? statRoot(root, path) : withEntry(root, path, inspect)),
    createFile: (path, options) => createFile(root, path, options),
    makeDirectory: (path, options) => makeDirectory(root, path, options),
    rename: (from, to, options) => rename(root, from, to, options),
    remove: (path) => remove(root, path),
    close,
    [Symbol.dispose]: close,
  };
}

function isInside(absolute: string, rules: ParseRules): boolean {
  if (!isAbsolute(absolute)) return false;
  const below = stripRoot(splitPath(absolute), rules.aliases);
  return below !== undefined && !below.includes("..");
}

function statRoot(root: RootContext, path: SafePath): EntryInfo {
  using directory = browsable(root, locate(root, path));
  return describeEntry(path, directory.stat);
}
