import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder, and those above it that are missing. Node's own way never ends where a file system knows no new names and
 * says that the one above is missing, as below `/proc` (measured, Node 24.21).
 *
 * @returns those that were made, outside first
 * @throws the system's error; none of them is left
 */
export function makeFolders(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let path = folder; !existsSync(path); path = dirname(path)) missing.unshift(path);
  const made: string[] = [];
  try {
    for (const path of missing) {
      mkdirSync(path);
      made.push(path);
    }
  } catch (error) {
    removeFolders(made);
    throw error;
  }
  return made;
}

/** Removes folders that were made, inside first. One that somebody has put something into stays, and those above it. */
export function removeFolders(made: readonly string[]): void {
  try {
    for (const path of [...made].reverse()) rmdirSync(path);
  } catch {
    return;
  }
}
