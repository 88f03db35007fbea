import { closeSync, constants, lstatSync, openSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cannotWrite } from "../stop.ts";

/** A folder that stays the same one, whatever becomes of its name. */
export interface Anchor {
  /** By which its entries are reached. */
  readonly path: string;
  readonly descriptor?: number;
}

/**
 * Holds a folder fast. On Linux its entries are then reached through the descriptor, so that a link put in the folder's place
 * meanwhile leads nowhere; elsewhere the name is looked at, and a link put there in the same moment would not be seen.
 *
 * @param path where it is; its parent is an anchor's
 * @param name how it is called in the message
 * @throws {Stop} a symbolic link, or no folder
 */
export function openAnchor(path: string, name: string): Anchor {
  if (process.platform !== "linux") {
    if (!lstatSync(path).isDirectory()) throw noFolder(name);
    return { path };
  }
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    return { path: `/proc/self/fd/${descriptor}`, descriptor };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === "ELOOP" || code === "ENOTDIR" ? noFolder(name) : error;
  }
}

/** Where `path` is, by its folder's anchor; `undefined`: the folder is not there yet. */
export function placeIn(anchors: ReadonlyMap<string, Anchor>, path: string): string | undefined {
  const folder = anchors.get(dirname(path));
  return folder === undefined ? undefined : join(folder.path, basename(path));
}

export function closeAnchors(anchors: Iterable<Anchor>): void {
  for (const { descriptor } of anchors) if (descriptor !== undefined) closeSync(descriptor);
}

function noFolder(name: string): Error {
  return cannotWrite(
    `${name} is a symbolic link or a file, and files are to be written below it. Nothing was written. Move it away.`,
  );
}
