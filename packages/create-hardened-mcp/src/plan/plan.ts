import type { Project } from "../options/project.ts";
import { inWordsOf } from "../template/commands.ts";
import { isWanted } from "../template/conditions.ts";
import type { TemplateFiles, Versions } from "../template/files.ts";
import { keepRegions } from "../template/regions.ts";
import { placeOf, renamed } from "../template/rename.ts";
import { configFiles } from "./config.ts";
import { withIgnored } from "./ignored.ts";
import { type Manifest, manifestOf } from "./manifest.ts";
import { packageManagerFiles } from "./package-manager.ts";
import { jsonFile, type PlannedFile } from "./planned-file.ts";
import { makeSecrets } from "./secrets.ts";
import { NOTHING_VENDORED, vendorFor } from "./vendor.ts";

/** What a plan is made from. */
export interface PlanParts {
  readonly files: TemplateFiles;
  readonly versions: Versions;
  /** Where packed packages are; `undefined`: they come from the registry. */
  readonly vendor: string | undefined;
}

/** Every file of the project, in the order of their paths. Pure but for the secrets, which are new each time. */
export function planProject(project: Project, { files, versions, vendor }: PlanParts): readonly PlannedFile[] {
  const secrets = makeSecrets(project);
  const planned = new Map<string, PlannedFile>();
  const add = (file: PlannedFile) => planned.set(file.path, file);
  for (const [path, data] of files) {
    const place = placeOf(path, project.name);
    if (isWanted(place, project)) add({ path: place, data: textOf(place, data, project) ?? data });
  }
  const template = readJson<Manifest>(planned, "package.json");
  const vendored = vendor === undefined ? NOTHING_VENDORED : vendorFor(template, vendor);
  for (const file of packageManagerFiles(project, vendored.specs)) add(file);
  for (const [path, config] of configFiles(readJson(planned, "server.config.json"), project, secrets.key))
    add(jsonFile(path, config));
  add(jsonFile("package.json", manifestOf(template, project, versions, vendored.specs)));
  add(withIgnored(planned.get(".gitignore")));
  for (const file of secrets.files) add(file);
  return [...planned.values(), ...vendored.files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The text of a file, made this project's; `undefined`: it is no text. */
function textOf(place: string, data: Buffer, project: Project): string | undefined {
  // No text that people write holds a zero byte, and no image goes without one for long.
  if (data.includes(0)) return undefined;
  const text = data.toString("utf8");
  if (text.includes("\ufffd")) return undefined;
  return inWordsOf(project.isBerry ? "berry" : project.pm, place, renamed(keepRegions(text, project), project.name));
}

function readJson<T = Record<string, unknown>>(planned: ReadonlyMap<string, PlannedFile>, path: string): T {
  const file = planned.get(path);
  if (file === undefined) throw new Error(`The template has no ${path}.`);
  return JSON.parse(file.data.toString()) as T;
}
