import { renameSync } from "node:fs";
import { dirname } from "node:path";
import type { PlannedFile } from "../plan/planned-file.ts";
import { cannotWrite, Stop } from "../stop.ts";
import { makeFolders, removeFolders } from "./folders.ts";
import { look } from "./look.ts";
import { mergeStage, type Written } from "./merge.ts";
import { reasonOf } from "./reason.ts";
import { fillStage, holdsOriginals, openStage, removeStage, type Stage } from "./stage.ts";
import type { Target } from "./target.ts";

/**
 * Writes the project: all of it, or nothing. It is made in a hidden folder beside the target and moved there at once. A folder that
 * is there already stays the one that it is, with its owner and rights: the hidden folder is in it, and every file is moved by itself,
 * which is undone where one fails.
 *
 * @throws {Stop} exit code 73, or why `signal` was aborted; then nothing is left, not even a folder above the target, or it says what is
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
  const { dir, found } = target;
  const stage = openStage(found === "absent" ? dirname(dir) : dir);
  let written: Written;
  try {
    await fillStage(stage, files, signal);
    written = found === "absent" ? moveWhole(stage, dir, files) : mergeStage(stage, target, files);
  } catch (error) {
    if (holdsOriginals(stage)) throw error;
    throw withStage(stage, removeStage(stage), error);
  }
  const why = removeStage(stage);
  if (why === undefined) return written;
  throw cannotWrite(`All files of the project are in ${dir}. ${stillThere(stage, why)}`, why);
}

function moveWhole(stage: Stage, dir: string, files: readonly PlannedFile[]): Written {
  // A rename would take the place of an empty folder, and its rights.
  if (look(dir) !== undefined) throw Object.assign(new Error(`${dir} is there`), { code: "EEXIST" });
  renameSync(stage.project, dir);
  return { files: files.map(({ path }) => path), replaced: [], closed: [] };
}

/** @param why the stage is still there; `undefined`: it is not */
function withStage(stage: Stage, why: unknown, error: unknown): unknown {
  if (why === undefined) return error;
  const exit = error instanceof Stop ? error : cannotWrite(`The project cannot be written: ${reasonOf(error)}.`, error);
  return new Stop(exit.exitCode, `${exit.message} ${stillThere(stage, why)}`, { cause: error });
}

function stillThere({ folder }: Stage, why: unknown): string {
  return `The hidden folder ${folder} cannot be removed: ${reasonOf(why)}. Remove it.`;
}
