import { existsSync, lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What package managers make beside package.json. */
const FOLDERS = ["node_modules", ".yarn", ".pnpm-store"];
const FILES = [
  "package-lock.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
  ".pnp.cjs",
  ".pnp.loader.mjs",
];

/** Takes back what an installation made that did not end well. @returns what may be half written still */
export type TakeBack = () => readonly string[];

/** Remembers what is there before an installation. */
export function rememberBefore(dir: string): TakeBack {
  const folders = FOLDERS.map((name) => [name, existsSync(join(dir, name))] as const);
  const files = FILES.map((name) => [name, contentOf(join(dir, name))] as const);
  return () => {
    const lost = files.filter(([name, before]) => !isDone(() => restore(join(dir, name), before)));
    const left = folders.filter(([name, wasThere]) =>
      // One that was there is somebody's: it is named, and not removed for them.
      wasThere ? name === "node_modules" : !isDone(() => rmSync(join(dir, name), REMOVAL)),
    );
    return [...lost, ...left].map(([name]) => name);
  };
}

/** `undefined`: there is none; `null`: it is no file, and none of ours. */
function contentOf(path: string): Buffer | null | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return stats.isFile() ? readFileSync(path) : null;
}

function restore(path: string, before: Buffer | null | undefined): void {
  if (before === null || (before !== undefined && contentOf(path)?.equals(before) === true)) return;
  rmSync(path, REMOVAL);
  if (before !== undefined) writeFileSync(path, before, { flag: "wx" });
}

const REMOVAL = { recursive: true, force: true, maxRetries: 3 } as const;

function isDone(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
