import { basename, dirname, join } from "node:path";
import type { PlannedFile } from "../plan/planned-file.ts";
import { cannotWrite } from "../stop.ts";
import { type Anchor, closeAnchors, openAnchor } from "./anchor.ts";
import { refuseStrays } from "./in-force.ts";
import { isKept, refuseUnkept } from "./keep.ts";
import { look } from "./move-in.ts";
import { foldersOf } from "./stage.ts";

/** What a folder has of the project already. Nothing in it was changed. */
export interface Survey {
  /** The folders that are there, and the target itself as `.`. */
  readonly anchors: Map<string, Anchor>;
  /** Files that stay. */
  readonly kept: ReadonlySet<PlannedFile>;
}

/**
 * Looks at a folder that is there, and holds it fast while `act` runs.
 *
 * @throws {Stop} all that can be refused before anything is moved: a folder of the project is a symbolic link or no folder, a file of it
 * is a folder, something would be in force beside it
 */
export function surveyed<T>(dir: string, files: readonly PlannedFile[], act: (survey: Survey) => T): T {
  const anchors = new Map<string, Anchor>();
  try {
    anchors.set(".", openAnchor(dir, dir));
    for (const folder of foldersOf(files).keys()) anchorExisting(folder, anchors, dir);
    for (const file of files) refusePlace(file, anchors, dir);
    refuseStrays(files, anchors, dir);
    const kept = new Set(files.filter((file) => isKept(file, placeIn(anchors, file.path))));
    return act({ anchors, kept });
  } finally {
    closeAnchors(anchors.values());
  }
}

/** Where `path` is, by its folder's anchor; `undefined`: the folder is not there yet. */
export function placeIn(anchors: ReadonlyMap<string, Anchor>, path: string): string | undefined {
  const folder = anchors.get(dirname(path));
  return folder === undefined ? undefined : join(folder.path, basename(path));
}

function anchorExisting(folder: string, anchors: Map<string, Anchor>, dir: string): void {
  const path = placeIn(anchors, folder);
  if (path !== undefined && look(path) !== undefined) anchors.set(folder, openAnchor(path, join(dir, folder)));
}

function refusePlace(file: PlannedFile, anchors: ReadonlyMap<string, Anchor>, dir: string): void {
  const place = placeIn(anchors, file.path);
  const name = join(dir, file.path);
  if (place === undefined) return;
  if (look(place)?.isDirectory() === true)
    throw cannotWrite(`${name} is a folder, and a file of that name is to be written. Move it away.`);
  refuseUnkept(file, place, name);
}
