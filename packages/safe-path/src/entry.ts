import { lstatSync, type Stats } from "node:fs";
import type { RootContext } from "./context.ts";
import type { Admitted } from "./decide.ts";
import { system } from "./errno.ts";
import { PathError } from "./errors.ts";
import { checkName, checkNames } from "./names.ts";
import { joinPath, type SafePath, splitPath } from "./parse.ts";

export type EntryType = "file" | "directory" | "link" | "special";

/** What is known of an entry without opening it. A link is described as itself, never by its target. */
export interface EntryInfo {
  readonly path: SafePath;
  readonly type: EntryType;
  /** Bytes. For a link, the length of its text. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly modifiedMs: number;
  readonly createdMs: number;
}

/** A name in a directory whose place has been decided, itself checked and not denied. */
export interface Entry {
  readonly name: string;
  readonly path: SafePath;
  /** For one system call that does not follow a last link. */
  readonly systemPath: string;
}

/** @throws {PathError} what `checkNames` throws, for the directory's real path and the name together */
export function entryOf(root: RootContext, directory: Admitted, name: string): Entry {
  checkName(name, root.rules.windowsNames);
  const segments = [...splitPath(directory.path), name];
  checkNames(segments, root.rules);
  return { name, path: joinPath(segments), systemPath: root.backend.entryPath(directory.located, name) };
}

/** @throws {PathError} `not_found`, `permission` */
export function inspect(entry: Entry): EntryInfo {
  return describeEntry(
    entry.path,
    system(() => lstatSync(entry.systemPath)),
  );
}

export function describeEntry(path: SafePath, stat: Stats): EntryInfo {
  return {
    path,
    type: typeOf(stat),
    size: stat.size,
    mode: stat.mode & 0o7777,
    modifiedMs: stat.mtimeMs,
    createdMs: stat.birthtimeMs,
  };
}

/** Works for Stats and for the entries of a listing. */
export function typeOf(stat: Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink">): EntryType {
  if (stat.isSymbolicLink()) return "link";
  if (stat.isDirectory()) return "directory";
  return stat.isFile() ? "file" : "special";
}

/** Splits a path into its parent and its last name. @throws {PathError} `not_a_file` for the root itself */
export function splitLast(path: SafePath): { parent: SafePath; name: string } {
  const segments = splitPath(path);
  const name = segments.at(-1);
  if (name === undefined) throw new PathError("not_a_file");
  return { parent: joinPath(segments.slice(0, -1)), name };
}
