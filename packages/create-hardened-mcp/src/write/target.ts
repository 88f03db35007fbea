import { existsSync, lstatSync, readdirSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { cannotWrite } from "../stop.ts";

/** The folder that the project goes to, as it was found. */
export interface Target {
  readonly dir: string;
  /** `repository`: nothing but a `.git`, which stays. */
  readonly found: "absent" | "empty" | "repository" | "files";
}

/**
 * Looks at the target, without touching it.
 *
 * @throws {Stop} exit code 73: it is no folder, a symbolic link, below one that leads nowhere, or has files and `overwrite` was not asked for
 */
export function inspectTarget(dir: string, overwrite: boolean): Target {
  const stats = lookAt(dir);
  if (stats === undefined) {
    nearestAbove(dir);
    return { dir, found: "absent" };
  }
  if (stats.isSymbolicLink()) {
    throw cannotWrite(
      `${dir} is a symbolic link, and nothing is written through one. Name the folder that it points to.`,
    );
  }
  if (!stats.isDirectory()) throw cannotWrite(`${dir} is a file. Choose another folder.`);
  const entries = namesIn(dir);
  if (entries.length === 0) return { dir, found: "empty" };
  if (entries.length === 1 && entries[0] === ".git") return { dir, found: "repository" };
  if (overwrite) return { dir, found: "files" };
  throw cannotWrite(
    `${dir} has files, and none of them was touched. Choose another folder, or add --overwrite: it replaces files of the same name and leaves all others.`,
  );
}

/**
 * The first folder above that is there: all others are to be made in it.
 *
 * @throws {Stop} it is a symbolic link to what is not there
 */
export function nearestAbove(dir: string): string {
  let path = dirname(dir);
  while (lookAt(path) === undefined) path = dirname(path);
  if (existsSync(path)) return path;
  throw cannotWrite(
    `${dir} cannot be made: ${path} is a symbolic link to what is not there. Make the folder that it points to, or choose another one.`,
  );
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ENOTDIR") throw cannotWrite(`${path} cannot be made: a part of its path is a file.`, error);
    throw cannotWrite(`${path} cannot be looked at (${code}).`, error);
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    throw cannotWrite(`${dir} cannot be looked at (${(error as NodeJS.ErrnoException).code}).`, error);
  }
}

/** Whether a file of the same name may give way: it was there when the command began, and that it may was said. */
export function mayReplace({ found }: Target): boolean {
  return found === "files";
}
