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
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(path)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The exact versions that an option may add, and ours. */
export interface Versions {
  readonly version: string;
  readonly drivers: Readonly<Record<string, string>>;
}

export function readVersions(templates: string): Versions {
  return JSON.parse(readFileSync(join(templates, "versions.json"), "utf8")) as Versions;
}
