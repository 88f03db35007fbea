import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { UsageError } from "@hardened-mcp/server/flags";
import type { Manifest } from "./manifest.ts";
import type { PlannedFile } from "./planned-file.ts";

/** One packed package, as `vendor.json` lists it. */
interface Packed {
  readonly version: string;
  /** Name of the file, in the same folder. */
  readonly file: string;
  /** Those of its dependencies that are packed, too. */
  readonly dependencies?: readonly string[];
}

/** Packages that come with the project instead of from the registry. */
export interface Vendored {
  /** Every package that the project needs, by name: where it lies. */
  readonly specs: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
}

export const NOTHING_VENDORED: Vendored = { specs: {}, files: [] };

/**
 * The packed packages that a project needs, and those that they need in turn; no others.
 *
 * @throws {UsageError} the folder has no usable list, or one of them is not in it
 */
export function vendorFor({ dependencies, devDependencies }: Manifest, folder: string): Vendored {
  const packages = readIndex(folder);
  const needed = new Map<string, Packed>();
  const add = (name: string, by: string) => {
    if (needed.has(name)) return;
    const packed = Object.hasOwn(packages, name) ? packages[name] : undefined;
    if (packed === undefined)
      throw new UsageError(`--vendor ${folder}: ${by} needs ${name}, and vendor.json does not list it.`);
    needed.set(name, packed);
    for (const one of packed.dependencies ?? []) add(one, name);
  };
  const direct = Object.keys({ ...dependencies, ...devDependencies }).filter((name) =>
    name.startsWith("@hardened-mcp/"),
  );
  for (const name of direct) add(name, "the project");
  const sorted = [...needed].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    specs: Object.fromEntries(sorted.map(([name, { file }]) => [name, `file:vendor/${file}`])),
    files: sorted.map(([, { file }]) => ({ path: `vendor/${file}`, copyOf: plainFile(folder, file) })),
  };
}

function readIndex(folder: string): Readonly<Record<string, Packed>> {
  const path = join(folder, "vendor.json");
  let index: { readonly packages?: Readonly<Record<string, Packed>> };
  try {
    index = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(
      `--vendor ${folder}: ${path} cannot be read as JSON. scripts/pack.mjs of the repository writes it.`,
      { cause: error },
    );
  }
  if (index.packages !== undefined) return index.packages;
  throw new UsageError(`--vendor ${folder}: ${path} lists no packages. scripts/pack.mjs of the repository writes it.`);
}

/** A name with a path in it would lead out of the folder, and a pipe would be waited for. */
function plainFile(folder: string, file: string): string {
  const path = join(folder, file);
  if (basename(file) !== file || !statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(`--vendor ${folder}: vendor.json names ${JSON.stringify(file)}, which is no file there.`);
  }
  return path;
}
