import { join } from "node:path";
import { joinIgnored } from "../plan/ignored.ts";
import type { PlannedFile } from "../plan/planned-file.ts";
import { readPlain } from "../plan/read-plain.ts";
import { cannotWrite } from "../stop.ts";
import { type Anchor, closeAnchors, openAnchor, placeIn } from "./anchor.ts";
import { refuseStrays } from "./in-force.ts";
import { isKept, refuseUnkept } from "./keep.ts";
import { look } from "./look.ts";
import { refuseUnreachable } from "./reachable.ts";
import { foldersOf } from "./stage.ts";

/** What a folder has of the project already. Nothing in it was changed. */
export interface Survey {
  /** The folders that are there, and the target itself as `.`. */
  readonly anchors: Map<string, Anchor>;
  /** Files that stay. */
  readonly kept: ReadonlySet<PlannedFile>;
  /** What those hold whose lines stay, with the new ones. */
  readonly joined: ReadonlyMap<string, Uint8Array>;
}

/**
 * Looks at a folder that is there, and holds it fast while `act` runs.
 *
 * @throws {Stop} all that can be refused before anything is moved: a folder of the project is a symbolic link or no folder, a file of it
 * is a folder, something would be in force beside it, or it cannot be written to
 */
export function surveyed<T>(dir: string, files: readonly PlannedFile[], act: (survey: Survey) => T): T {
  const anchors = new Map<string, Anchor>();
  try {
    anchors.set(".", openAnchor(dir, dir));
    for (const folder of foldersOf(files).keys()) anchorExisting(folder, anchors, dir);
    for (const file of files) refusePlace(file, anchors, dir);
    refuseStrays(files, anchors, dir);
    const kept = new Set(files.filter((file) => isKept(file, placeIn(anchors, file.path))));
    const joined = new Map(files.filter(isJoined).flatMap((file) => joinWithOld(file, anchors, dir)));
    const survey = { anchors, kept, joined };
    refuseUnreachable(survey, files, dir);
    return act(survey);
  } finally {
    closeAnchors(anchors.values());
  }
}

function isJoined({ joined }: PlannedFile): boolean {
  return joined === true;
}

/** How large a file of lines may be. */
const MAX_BYTES = 1024 * 1024;

/** Git does not read one that is a link: its lines were never in force. */
function joinWithOld(
  { path, data }: PlannedFile,
  anchors: ReadonlyMap<string, Anchor>,
  dir: string,
): readonly (readonly [string, Uint8Array])[] {
  const place = placeIn(anchors, path);
  if (place === undefined || look(place)?.isFile() !== true) return [];
  const old = readPlain(place, MAX_BYTES);
  if (typeof old !== "string") return [[path, joinIgnored(old, data.toString())]];
  throw cannotWrite(`${join(dir, path)} ${old}, and its lines are to stay. Nothing was written. Move it away.`);
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
