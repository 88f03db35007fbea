import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What of its package.json a program of the project would not find, in words; `undefined`: nothing. */
export function whatIsMissing(pm: string, dir: string): string | undefined {
  // With yarn's Plug'n'Play packages lie in an archive, and this file knows where.
  if (existsSync(join(dir, ".pnp.cjs"))) return undefined;
  const { dependencies, devDependencies } = readManifest(dir) ?? {};
  const missing = Object.keys({ ...dependencies, ...devDependencies }).find(
    (name) => !foldersFrom(dir).some((folder) => existsSync(join(folder, "node_modules", name))),
  );
  if (missing === undefined) return undefined;
  return `${pm} ended well, and ${missing} is not there. A setting of ${pm} has it install elsewhere, or not all: see its configuration`;
}

/** What to do where a workspace above is why; its root alone says where packages come from. */
export function inWorkspace(dir: string): string {
  const root = foldersFrom(dirname(dir)).find((folder) => readManifest(folder)?.workspaces !== undefined);
  return root === undefined
    ? ""
    : `. It lies in the workspace ${root}, which can be why: make the project outside of it`;
}

/** A folder, and all above. */
function foldersFrom(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersFrom(above)];
}

interface Manifest {
  readonly dependencies?: object;
  readonly devDependencies?: object;
  readonly workspaces?: unknown;
}

/** `undefined`: there is none that can be read. */
function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}
