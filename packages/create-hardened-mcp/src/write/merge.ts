import { chmodSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlannedFile } from "../plan/planned-file.ts";
import { cannotWrite } from "../stop.ts";
import { type Anchor, openAnchor, placeIn } from "./anchor.ts";
import { type Journal, type Stuck, undoAll } from "./journal.ts";
import { closeToOthers } from "./keep.ts";
import { look } from "./look.ts";
import { moveIn } from "./move-in.ts";
import { reasonOf } from "./reason.ts";
import { foldersOf, holdsOriginals, type Stage } from "./stage.ts";
import { type Survey, surveyed } from "./survey.ts";
import { mayReplace, type Target } from "./target.ts";

/** What was written into the target. */
export interface Written {
  /** Those that were there and are kept are not among them. */
  readonly files: readonly string[];
  /** Of `files`, those in whose place there was one. */
  readonly replaced: readonly string[];
  /** Kept secrets that others could come to until now. */
  readonly closed: readonly string[];
}

/**
 * Moves the staged files into a folder that is there already. A file of the same name is moved aside first, not written to: its
 * other names, and what it links to, keep what they have. Nothing here waits, so no signal comes between two files.
 *
 * @throws {Stop} what {@link surveyed} refuses
 * @throws the system's error. Everything is as it was then, or a {@link Stop} says what is not
 */
export function mergeStage(stage: Stage, target: Target, files: readonly PlannedFile[]): Written {
  return surveyed(target.dir, files, (survey) => {
    const journal: Journal = [];
    try {
      return moveAll(stage, target, files, survey, journal);
    } catch (error) {
      const stuck = undoAll(journal);
      throw stuck === undefined ? error : halfUndone(target, stage, stuck, error);
    }
  });
}

function moveAll(
  stage: Stage,
  target: Target,
  files: readonly PlannedFile[],
  { anchors, kept, joined }: Survey,
  journal: Journal,
): Written {
  for (const [path, data] of joined) writeFileSync(join(stage.project, path), data);
  for (const [folder, mode] of foldersOf(files)) anchorNew(folder, mode, anchors, target.dir, journal);
  const closed = [...kept].filter((file) => closeKept(file, anchors, journal));
  const moved = files.filter((file) => !kept.has(file)).map(({ path }) => path);
  const replaced = moved.filter((path) =>
    moveIn(path, placeIn(anchors, path) ?? "", stage, mayReplace(target), journal),
  );
  return { files: moved, replaced, closed: closed.map(({ path }) => path) };
}

/** Makes the folder if it is not there, and takes from others what only the owner may see. */
function anchorNew(folder: string, mode: number, anchors: Map<string, Anchor>, dir: string, journal: Journal): void {
  const known = anchors.get(folder);
  if (known === undefined) {
    const path = placeIn(anchors, folder) ?? "";
    mkdirSync(path, { mode });
    journal.push({ path: folder, undo: () => removeEmpty(path) });
    anchors.set(folder, openAnchor(path, join(dir, folder)));
  } else if (mode === 0o700) {
    const before = look(`${known.path}/.`)?.mode ?? mode;
    chmodSync(`${known.path}/.`, mode);
    journal.push({ path: folder, undo: () => chmodSync(`${known.path}/.`, before & 0o7777) });
  }
}

/** One that somebody has put something into stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(code)) throw error;
  }
}

/** @returns whether others could read it until now */
function closeKept(file: PlannedFile, anchors: ReadonlyMap<string, Anchor>, journal: Journal): boolean {
  const undo = closeToOthers(file, placeIn(anchors, file.path) ?? "");
  if (undo === undefined) return false;
  journal.push({ path: file.path, undo });
  return true;
}

function halfUndone({ dir }: Target, stage: Stage, { paths, why }: Stuck, error: unknown): Error {
  const originals = holdsOriginals(stage)
    ? ` What was there before is in ${stage.before}, under the same names. Move it back, then remove ${stage.folder}.`
    : "";
  return cannotWrite(
    `${dir} cannot be written: ${reasonOf(error)}. Not all could be taken back (${reasonOf(why)}): ${paths.join(", ")}.${originals}`,
    error,
  );
}
