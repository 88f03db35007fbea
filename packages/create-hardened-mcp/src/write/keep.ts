import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync } from "node:fs";
import type { PlannedFile } from "../plan/planned-file.ts";
import { cannotWrite } from "../stop.ts";
import { look } from "./look.ts";

/** Whether the file that is at `place` stays. */
export function isKept({ keep }: PlannedFile, place: string | undefined): boolean {
  return keep === true && place !== undefined && look(place)?.isFile() === true;
}

/**
 * @throws {Stop} it should stay, and is a link: replacing that would part the project from what it stands for. Or it is a secret that
 * has another name somewhere, by which others may come to it
 */
export function refuseUnkept({ keep, mode }: PlannedFile, place: string, name: string): void {
  const stats = look(place);
  if (keep !== true || stats === undefined) return;
  if (!stats.isFile())
    throw cannotWrite(
      `${name} is a symbolic link or no file, and would not be kept. Nothing was written. Put the file itself in its place.`,
    );
  if (mode === undefined || stats.nlink === 1) return;
  throw cannotWrite(
    `${name} is kept, and has a second name (a hard link) by which others may come to it. Nothing was written. Put a copy in its place.`,
  );
}

/** Whether a secret that stays is one that others can come to. */
export function isOpenToOthers({ mode }: PlannedFile, place: string): boolean {
  return mode !== undefined && (lstatSync(place).mode & 0o7777 & ~mode) !== 0;
}

/** Closes a secret that stays to all but its owner. @returns how to undo that; `undefined`: it was closed */
export function closeToOthers({ mode }: PlannedFile, place: string): (() => void) | undefined {
  if (mode === undefined) return undefined;
  const before = changeMode(place, (now) => now & mode);
  return (before & ~mode) === 0 ? undefined : () => void changeMode(place, () => before);
}

/** By its descriptor: a link put there meanwhile is not followed. @returns the mode of before */
function changeMode(place: string, next: (now: number) => number): number {
  const descriptor = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const now = fstatSync(descriptor).mode & 0o7777;
    if (next(now) !== now) fchmodSync(descriptor, next(now));
    return now;
  } finally {
    closeSync(descriptor);
  }
}
