import { chmodSync, lstatSync, mkdirSync, renameSync, rmdirSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { PlannedFile } from "../plan/planned-file.ts";
import { cannotWrite } from "../stop.ts";
import { type Anchor, closeAnchors, openAnchor } from "./anchor.ts";
import { refuseStrays } from "./in-force.ts";
import { closeToOthers, isKept, refuseSecondName } from "./keep.ts";
import { foldersOf, type Stage } from "./stage.ts";

/** What was written into the target. */
export interface Written {
  /** Those that were there and are kept are not among them. */
  readonly files: readonly string[];
  /** Kept secrets that others could come to until now. */
  readonly closed: readonly string[];
}

/** What was done, undone by calling each in reverse order. */
type Journal = (() => void)[];

/**
 * Moves the staged files into a folder that is there already. A file of the same name is moved aside first, not written to: its
 * other names, and what it links to, keep what they have. Nothing here waits, so no signal comes between two files.
 *
 * @throws {Stop} a folder of the project is a symbolic link or no folder, or holds what would be in force, too; or the disk refuses.
 * Everything is as it was then
 */
export function mergeStage(stage: Stage, dir: string, files: readonly PlannedFile[]): Written {
  const anchors = new Map<string, Anchor>();
  const journal: Journal = [];
  try {
    anchors.set(".", openAnchor(dir, dir));
    const folders = foldersOf(files);
    // All that can be refused is refused before anything is moved.
    for (const folder of folders.keys()) anchorExisting(folder, anchors, dir);
    for (const file of files) refusePlace(file, anchors, dir);
    refuseStrays(files, anchors, dir);
    for (const [folder, mode] of folders) anchorNew(folder, mode, anchors, dir, journal);
    const kept = new Set(files.filter((file) => isKept(file, placeIn(anchors, file.path))));
    const closed = [...kept].filter((file) => closeKept(file, anchors, journal));
    const moved = files.filter((file) => !kept.has(file));
    for (const file of moved) moveIn(file, stage, anchors, journal);
    return { files: moved.map(({ path }) => path), closed: closed.map(({ path }) => path) };
  } catch (error) {
    for (const undo of journal.reverse()) undo();
    throw error;
  } finally {
    closeAnchors(anchors.values());
  }
}

function anchorExisting(folder: string, anchors: Map<string, Anchor>, dir: string): void {
  const path = placeIn(anchors, folder);
  if (path !== undefined && look(path) !== undefined) anchors.set(folder, openAnchor(path, join(dir, folder)));
}

/** Makes the folder if it is not there, and takes from others what only the owner may see. */
function anchorNew(folder: string, mode: number, anchors: Map<string, Anchor>, dir: string, journal: Journal): void {
  const known = anchors.get(folder);
  if (known === undefined) {
    const path = placeIn(anchors, folder) ?? "";
    mkdirSync(path, { mode });
    journal.push(() => rmdirSync(path));
    anchors.set(folder, openAnchor(path, join(dir, folder)));
  } else if (mode === 0o700) {
    const before = look(`${known.path}/.`)?.mode ?? mode;
    chmodSync(`${known.path}/.`, mode);
    journal.push(() => chmodSync(`${known.path}/.`, before & 0o7777));
  }
}

function refusePlace(file: PlannedFile, anchors: ReadonlyMap<string, Anchor>, dir: string): void {
  const place = placeIn(anchors, file.path);
  const name = join(dir, file.path);
  if (place === undefined) return;
  if (isKept(file, place)) refuseSecondName(file, place, name);
  if (look(place)?.isDirectory() !== true) return;
  throw cannotWrite(`${name} is a folder, and a file of that name is to be written. Move it away.`);
}

/** @returns whether others could read it until now */
function closeKept(file: PlannedFile, anchors: ReadonlyMap<string, Anchor>, journal: Journal): boolean {
  const undo = closeToOthers(file, placeIn(anchors, file.path) ?? "");
  if (undo === undefined) return false;
  journal.push(undo);
  return true;
}

function moveIn(file: PlannedFile, stage: Stage, anchors: ReadonlyMap<string, Anchor>, journal: Journal): void {
  const place = placeIn(anchors, file.path) ?? "";
  const old = look(place);
  if (old !== undefined) {
    const aside = join(stage.folder, `old-${journal.length}`);
    renameSync(place, aside);
    journal.push(() => renameSync(aside, place));
  }
  const staged = join(stage.project, file.path);
  renameSync(staged, place);
  journal.push(() => renameSync(place, staged));
}

/** Where `path` is, by its folder's anchor; `undefined`: the folder is not there yet. */
function placeIn(anchors: ReadonlyMap<string, Anchor>, path: string): string | undefined {
  const folder = anchors.get(dirname(path));
  return folder === undefined ? undefined : join(folder.path, basename(path));
}

function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
