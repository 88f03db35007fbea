import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Path in the template, `/`-separated, to content. */
export type TemplateFiles = ReadonlyMap<string, Buffer>;

/** What a template adds to what all have. The compiler's settings are the shared ones: the template's own only point there. */
export function readTemplate(templates: string, template: string): TemplateFiles {
  const shared = readFolder(join(templates, "shared"));
  const own = readFolder(join(templates, template));
  return new Map([...shared, ...[...own].filter(([path]) => path !== "tsconfig.json" || !shared.has(path))]);
}

function readFolder(folder: string): Map<string, Buffer> {
  const paths = filesBelow(folder, "").sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

/** Not by Node's `recursive`: yarn 4 runs us out of an archive, where its own file system forgets the folders. */
function filesBelow(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) return filesBelow(folder, `${path}/`);
    return entry.isFile() ? [path] : [];
  });
}

/** The exact versions that an option may add, and ours. */
export interface Versions {
  readonly version: string;
  readonly drivers: Readonly<Record<string, string>>;
}

export function readVersions(templates: string): Versions {
  return JSON.parse(readFileSync(join(templates, "versions.json"), "utf8")) as Versions;
}
