import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Journal } from "./journal.ts";
import { look } from "./look.ts";
import type { Stage } from "./stage.ts";

/** What a disk says that knows no second names, as that of a memory stick. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/**
 * Puts a staged file in its place. What is there is moved aside first, if it may be replaced. A rename would replace whatever
 * somebody put there meanwhile; a link is refused by the kernel then.
 *
 * @returns whether there was one
 */
export function moveIn(path: string, place: string, stage: Stage, mayReplace: boolean, journal: Journal): boolean {
  const staged = join(stage.project, path);
  const old = mayReplace ? look(place) : undefined;
  if (old !== undefined) {
    keepStricter(staged, old);
    moveAside(path, place, join(stage.before, path), journal);
  }
  const linked = lstatSync(staged);
  if (isLinked(staged, place)) journal.push({ path, undo: () => removeOwn(place, linked) });
  else {
    copyFileSync(staged, place, constants.COPYFILE_EXCL);
    const copied = lstatSync(place);
    journal.push({ path, undo: () => removeOwn(place, copied) });
  }
  // At once: a secret has no second name, not even when the process is killed next.
  unlinkSync(staged);
  return old !== undefined;
}

/** Who closed a file to others did not ask for it to be opened. */
function keepStricter(staged: string, old: Stats): void {
  const { mode } = lstatSync(staged);
  const stricter = mode & (old.mode | 0o700);
  if (stricter !== mode) chmodSync(staged, stricter & 0o777);
}

function moveAside(path: string, place: string, aside: string, journal: Journal): void {
  mkdirSync(dirname(aside), { recursive: true });
  renameSync(place, aside);
  journal.push({
    path,
    undo: () => {
      if (look(place) !== undefined) throw Object.assign(new Error("occupied"), { code: "EEXIST" });
      renameSync(aside, place);
    },
  });
}

function isLinked(staged: string, place: string): boolean {
  try {
    linkSync(staged, place);
    return true;
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return false;
  }
}

/** What somebody has put in its place since is theirs. */
function removeOwn(place: string, own: Stats): void {
  const now = look(place);
  if (now?.ino === own.ino && now.dev === own.dev) unlinkSync(place);
}
