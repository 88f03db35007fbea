import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Manifest } from "../pack/workspace.ts";

/** A package that comes along when one of ours is installed. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** Where it is here, links followed. */
  readonly folder: string;
  readonly manifest: Manifest & { readonly gypfile?: boolean };
}

const read = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** Where an import of `name` from `folder` leads, as Node looks for it; undefined where it is not installed. */
function find(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const here = join(at, "node_modules", name);
    if (existsSync(join(here, "package.json"))) return realpathSync(here);
    if (dirname(at) === at) return undefined;
  }
}

/**
 * What is installed with the package in `folder`: its dependencies, what they depend on, and the peers that those ask for.
 * Optional ones count when they are here. Not itself. Sorted by name and version.
 *
 * Read from the installed manifests and not from the lock file: what will run is what was looked at.
 *
 * @throws {Error} a dependency that is not optional is not installed
 */
export function productionClosure(folder: string): readonly Installed[] {
  const found = new Map<string, Installed>();
  const visit = (
    at: string,
    { name, dependencies, optionalDependencies, peerDependencies }: Manifest,
    own: boolean,
  ) => {
    // Our own peers are the user's to install. Those of a dependency come along: npm installs them.
    const peers = own ? {} : (peerDependencies ?? {});
    for (const next of Object.keys({ ...peers, ...optionalDependencies, ...dependencies })) {
      const where = find(next, at);
      if (where === undefined) {
        if (dependencies?.[next] === undefined || optionalDependencies?.[next] !== undefined) continue;
        throw new Error(`${name} needs ${next}, which is not installed. Run: npx -y pnpm@12 install`);
      }
      if (found.has(where)) continue;
      const manifest = read(where);
      found.set(where, { name: manifest.name, version: manifest.version, folder: where, manifest });
      // Ours are links into the workspace; there they are as much "own" as the one that was asked for.
      visit(where, manifest, !where.includes("node_modules"));
    }
  };
  const start = realpathSync(folder);
  visit(start, read(start), true);
  found.delete(start);
  const key = ({ name, version }: Installed): string => `${name}@${version}`;
  return [...new Map([...found.values()].map((one) => [key(one), one])).values()].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
}
