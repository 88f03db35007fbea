import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The clone that this file is in. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** What of a `package.json` releasing looks at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package that others can install: where it is, from the root, and what its manifest says before packing. */
export interface Publishable {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package of `packages` and `servers` that is not private, by name. */
export function publishable(root: string = ROOT): readonly Publishable[] {
  return ["packages", "servers"]
    .flatMap((floor) => readdirSync(join(root, floor)).map((name) => `${floor}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) }))
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
}

/**
 * For each package the others of `packages` that come along when it is installed, directly or through one another, by name.
 * Peers and development dependencies do not come along.
 */
export function closures(packages: readonly Manifest[]): ReadonlyMap<string, readonly string[]> {
  const direct = new Map(
    packages.map(({ name, dependencies, optionalDependencies }) => [
      name,
      Object.keys({ ...dependencies, ...optionalDependencies }),
    ]),
  );
  const reach = (name: string, seen: Set<string>): Set<string> => {
    for (const next of direct.get(name) ?? []) if (direct.has(next) && !seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  return new Map(packages.map(({ name }) => [name, [...reach(name, new Set())].filter((one) => one !== name).sort()]));
}
