import { createHash } from "node:crypto";
import { join } from "node:path";
import { UsageError } from "@hardened-mcp/server/flags";
import type { Manifest } from "./manifest.ts";
import type { PlannedFile } from "./planned-file.ts";
import { readPlain } from "./read-plain.ts";
import { type Packed, parseIndex } from "./vendor-index.ts";

/** Packages that come with the project instead of from the registry. */
export interface Vendored {
  /** Every package that the project needs, by name: where it lies. */
  readonly specs: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
}

export const NOTHING_VENDORED: Vendored = { specs: {}, files: [] };

/** Ours are a tenth of a megabyte. */
const MAX_BYTES = { index: 1_048_576, file: 16_777_216 } as const;

/**
 * The packed packages that a project needs, and those that they need in turn; no others.
 *
 * @throws {UsageError} the folder has no usable list, one of them is not in it, or a file is not the one that was packed
 */
export function vendorFor({ dependencies, devDependencies }: Manifest, folder: string): Vendored {
  const packages = readIndex(folder);
  const needed = new Map<string, Packed>();
  const add = (name: string, by: string) => {
    if (needed.has(name)) return;
    const packed = packages.get(name);
    if (packed === undefined)
      throw new UsageError(`--vendor ${folder}: ${by} needs ${name}, and vendor.json does not list it.`);
    needed.set(name, packed);
    for (const one of packed.dependencies) add(one, name);
  };
  const direct = Object.keys({ ...dependencies, ...devDependencies }).filter((name) =>
    name.startsWith("@hardened-mcp/"),
  );
  for (const name of direct) add(name, "the project");
  const sorted = [...needed].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    specs: Object.fromEntries(sorted.map(([name, { file }]) => [name, `file:vendor/${file}`])),
    files: sorted.map(([, packed]) => ({ path: `vendor/${packed.file}`, data: readPacked(folder, packed) })),
  };
}

function readIndex(folder: string): ReadonlyMap<string, Packed> {
  const path = join(folder, "vendor.json");
  const bytes = readPlain(path, MAX_BYTES.index);
  if (typeof bytes === "string")
    throw new UsageError(`--vendor: ${path} ${bytes}. scripts/pack.mjs of the repository writes it.`);
  return parseIndex(bytes.toString("utf8"), path);
}

/** The bytes that were checked are the ones that are written. */
function readPacked(folder: string, { file, integrity }: Packed): Buffer {
  const path = join(folder, file);
  const bytes = readPlain(path, MAX_BYTES.file);
  if (typeof bytes === "string") throw new UsageError(`--vendor: ${path} ${bytes}. Pack anew: scripts/pack.mjs.`);
  if (`sha512-${createHash("sha512").update(bytes).digest("base64")}` === integrity) return bytes;
  throw new UsageError(`--vendor: ${path} is not what vendor.json says by its sha512. Pack anew: scripts/pack.mjs.`);
}
