import { closeSync, type Dir, type Dirent, fsyncSync, opendirSync, openSync, type Stats } from "node:fs";
import { readdir } from "node:fs/promises";
import type { RootContext } from "./context.ts";
import { type Admitted, admit } from "./decide.ts";
import { type EntryInfo, type EntryType, entryOf, inspect, typeOf } from "./entry.ts";
import { system, toPathError } from "./errno.ts";
import { PathError } from "./errors.ts";
import { entryFilter } from "./names.ts";
import { type OpenFile, readable } from "./open-file.ts";
import { type SafePath, splitPath } from "./parse.ts";

export interface ListedEntry {
  readonly name: string;
  readonly type: EntryType;
}

export interface Listing {
  /** In the order of the file system. */
  readonly entries: readonly ListedEntry[];
  /** Entries left out because this root would refuse their name: denied, not UTF-8, not NFC, control characters. */
  readonly hidden: number;
  /** There were more than `max`. */
  readonly truncated: boolean;
}

/** An open directory. What is opened through it is found by its descriptor, wherever its name leads by then. */
export interface OpenDirectory extends Disposable {
  readonly kind: "directory";
  /** For identity only (O_PATH on Linux). @throws {PathError} `closed` */
  readonly fd: number;
  /** Where the directory really is, relative to the root: links are resolved. */
  readonly path: SafePath;
  readonly stat: Stats;
  /** Lists up to `max` entries (default 10 000). @throws {PathError} `permission` */
  entries(max?: number): Listing;
  /**
   * The same, read on the thread pool: a thousand entries take the kernel 0.4 ms, in which other work can go on. A directory
   * too large to be read whole is listed at once instead. @throws {PathError} `permission`
   */
  entriesSoon(max?: number): Promise<Listing>;
  /** Describes an entry without opening or following it. @throws {PathError} `not_found`, `denied_name` */
  inspect(name: string): EntryInfo;
  /**
   * Opens an entry. Never follows a link, whatever the root's policy: a walk then visits each directory once, and ends.
   * @throws {PathError} `link`, and what `openFile` and `openDirectory` throw
   */
  child(name: string): OpenFile | OpenDirectory;
  /** Makes created, renamed and removed names durable (fsync). @throws {PathError} `permission`, `io` */
  sync(): void;
  /** Closes the descriptor; again is harmless. */
  close(): void;
}

const DEFAULT_MAX_ENTRIES = 10_000;

/** Turns an admitted identity into a directory. Takes over its descriptor, also when it throws. */
export function browsable(root: RootContext, admitted: Admitted): OpenDirectory {
  const { located, path } = admitted;
  if (!located.stat.isDirectory()) {
    closeSync(located.fd);
    throw new PathError("not_a_directory");
  }

  let open = true;
  const current = (): Admitted => {
    if (!open) throw new PathError("closed");
    return admitted;
  };
  const close = () => {
    if (open) closeSync(located.fd);
    open = false;
  };

  return {
    kind: "directory",
    get fd() {
      return current().located.fd;
    },
    path,
    stat: located.stat,
    entries: (max = DEFAULT_MAX_ENTRIES) => list(root, current(), max),
    entriesSoon: (max = DEFAULT_MAX_ENTRIES) => listSoon(root, current(), max),
    inspect: (name) => inspect(entryOf(root, current(), name)),
    child: (name) => openChild(root, current(), name),
    sync: () => syncDirectory(root.backend.directoryPath(current().located)),
    close,
    [Symbol.dispose]: close,
  };
}

function openChild(root: RootContext, directory: Admitted, name: string): OpenFile | OpenDirectory {
  entryOf(root, directory, name);
  const admitted = admit(root, root.backend.locateChild(directory.located, name));
  return admitted.located.stat.isDirectory() ? browsable(root, admitted) : readable(root, admitted);
}

function list(root: RootContext, directory: Admitted, max: number): Listing {
  const reader = system(() => opendirSync(root.backend.directoryPath(directory.located), { bufferSize: 64 }));
  try {
    const isAccepted = entryFilter(splitPath(directory.path), root.rules);
    return system(() => collect(reader, max, isAccepted));
  } finally {
    reader.closeSync();
  }
}

/** Bytes of a directory up to which all its entries may be in memory at once; about 100,000 on common file systems. */
const MAX_READ_WHOLE = 4 * 1024 * 1024;

async function listSoon(root: RootContext, directory: Admitted, max: number): Promise<Listing> {
  if (directory.located.stat.size > MAX_READ_WHOLE) return list(root, directory, max);
  const path = root.backend.directoryPath(directory.located);
  let found: readonly Dirent[];
  try {
    found = await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw toPathError(error);
  }
  const isAccepted = entryFilter(splitPath(directory.path), root.rules);
  const looked = found.length > max ? found.slice(0, max) : found;
  const entries = looked
    .filter(({ name }) => isAccepted(name))
    .map((entry) => ({ name: entry.name, type: typeOf(entry) }));
  return { entries, hidden: looked.length - entries.length, truncated: looked.length < found.length };
}

function collect(reader: Dir, max: number, isAccepted: (name: string) => boolean): Listing {
  const entries: ListedEntry[] = [];
  let hidden = 0;
  for (let found = reader.readSync(); found !== null; found = reader.readSync()) {
    if (entries.length + hidden >= max) return { entries, hidden, truncated: true };
    if (isAccepted(found.name)) entries.push({ name: found.name, type: typeOf(found) });
    else hidden++;
  }
  return { entries, hidden, truncated: false };
}

function syncDirectory(path: string): void {
  const fd = system(() => openSync(path, "r"));
  try {
    system(() => fsyncSync(fd));
  } finally {
    closeSync(fd);
  }
}
