import { accessSync, constants } from "node:fs";
import { dirname, join } from "node:path";
import type { PlannedFile } from "../plan/planned-file.ts";
import { cannotWrite } from "../stop.ts";
import { placeIn } from "./anchor.ts";
import { look } from "./look.ts";
import { mountOf } from "./mount.ts";
import { reasonOf } from "./reason.ts";
import { foldersOf } from "./stage.ts";
import type { Survey } from "./survey.ts";

/** @throws {Stop} a folder that is there cannot be written to, or what is there is on another mount than the project */
export function refuseUnreachable({ anchors, kept }: Survey, files: readonly PlannedFile[], dir: string): void {
  const folders = foldersOf(files);
  const moved = files.filter((file) => !kept.has(file)).map(({ path }) => path);
  const missing = [...folders.keys()].filter((folder) => !anchors.has(folder));
  const root = `${anchors.get(".")?.path}/.`;
  for (const folder of new Set([...moved, ...missing].map((path) => dirname(path)))) {
    const anchor = anchors.get(folder);
    if (anchor === undefined) continue;
    const name = join(dir, folder);
    const path = `${anchor.path}/.`;
    // A part of a btrfs is a disk of its own without being a mount.
    if (mountOf(path) !== mountOf(root) || look(path)?.dev !== look(root)?.dev)
      throw cannotWrite(
        `${name} is on another disk or mount than ${dir}, and nothing can be moved from one to the other. Nothing was written. Unmount it, or choose another folder.`,
      );
    // One that is to be the owner's alone gets its rights before anything is moved into it.
    if (folders.get(folder) !== 0o700) refuseUnwritable(path, name);
  }
  for (const path of moved) {
    const place = placeIn(anchors, path);
    if (place === undefined || look(place) === undefined || mountOf(place) === mountOf(root)) continue;
    throw cannotWrite(
      `${join(dir, path)} has something mounted on it, and cannot be replaced. Nothing was written. Unmount it, or choose another folder.`,
    );
  }
}

/** @throws {Stop} nothing can be made in the folder at `path` */
export function refuseUnwritable(path: string, name: string): void {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(`${name} cannot be written: ${reasonOf(error)}. Nothing was written.`, error);
  }
}
