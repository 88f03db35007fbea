import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What npm fetched into a cache that was empty. */
export interface Fetched {
  readonly tarballs: number;
  /** Of all tarballs. */
  readonly bytes: number;
  /** Of the tarball of the package that was asked for. */
  readonly ownBytes: number;
}

/** Reads npm's own index: a line for each answer, which is a hash, a tab and JSON. */
export function fetchedInto(cache: string, name: string): Fetched {
  const index = join(cache, "_cacache", "index-v5");
  const sizes = new Map<string, number>();
  for (const entry of readdirSync(index, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    for (const line of readFileSync(join(entry.parentPath, entry.name), "utf8").split("\n")) {
      if (line === "") continue;
      const { key, size } = JSON.parse(line.slice(line.indexOf("\t") + 1)) as { key: string; size: number };
      if (key.endsWith(".tgz")) sizes.set(decodeURIComponent(key), size);
    }
  }
  const own = [...sizes].find(([key]) => key.includes(`/${name}/-/`));
  if (own === undefined) throw new Error(`npm's cache has no tarball of ${name}.`);
  return { tarballs: sizes.size, bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), ownBytes: own[1] };
}
