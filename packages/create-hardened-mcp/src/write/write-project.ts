import { renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { PlannedFile } from "../plan/planned-file.ts";
import { cannotWrite, Stop } from "../stop.ts";
import { makeFolders, removeFolders } from "./folders.ts";
import { mergeStage, type Written } from "./merge.ts";
import { fillStage, openStage, type Stage } from "./stage.ts";
import { isReplaceable, type Target } from "./target.ts";

/**
 * Writes the project: all of it, or nothing. It is made in a hidden folder beside the target and moved there at once; into a
 * folder that must stay, file by file, which is undone where one fails.
 *
 * @throws {Stop} exit code 73, or why `signal` was aborted; then nothing is left, not even a folder above the target
 */
export async function writeProject(
  target: Target,
  files: readonly PlannedFile[],
  signal: AbortSignal,
): Promise<Written> {
  const { dir } = target;
  let made: readonly string[] = [];
  try {
    made = makeFolders(dirname(dir));
    return await throughStage(target, files, signal);
  } catch (error) {
    removeFolders(made);
    if (error instanceof Stop && error === signal.reason)
      throw new Stop(error.exitCode, `${error.message} Nothing was written.`);
    if (error instanceof Stop) throw error;
    throw cannotWrite(`${dir} cannot be written: ${reasonOf(error)}. Nothing of it is left.`, error);
  }
}

async function throughStage(target: Target, files: readonly PlannedFile[], signal: AbortSignal): Promise<Written> {
  const isWhole = isReplaceable(target);
  const stage: Stage = openStage(isWhole ? dirname(target.dir) : target.dir);
  try {
    await fillStage(stage, files, signal);
    if (!isWhole) return mergeStage(stage, target.dir, files);
    renameSync(stage.project, target.dir);
    return { files: files.map(({ path }) => path), closed: [] };
  } finally {
    rmSync(stage.folder, { recursive: true, force: true });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you may not write there",
  EPERM: "the system does not permit it",
  EROFS: "it is on a disk that is read only",
  ENOENT: "the system knows no such place, and makes none",
  ENOSPC: "the disk is full",
  EDQUOT: "your quota is used up",
  EFBIG: "a file would be larger than this process may write",
  ENOTDIR: "a part of its path is a file",
  ENOTEMPTY: "somebody else has put something there meanwhile",
  EEXIST: "somebody else has put something there meanwhile",
  ENAMETOOLONG: "its name is too long",
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? code ?? message;
}
