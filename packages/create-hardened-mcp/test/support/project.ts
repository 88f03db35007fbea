import { readdirSync } from "node:fs";
import { CHOICE_NAMES, type Chosen, valuesOf } from "../../src/options/choices.ts";
import type { Flags } from "../../src/options/flags.ts";
import type { Project } from "../../src/options/project.ts";
import { resolveProject } from "../../src/options/resolve.ts";
import { planProject } from "../../src/plan/plan.ts";
import { readTemplate, readVersions } from "../../src/template/files.ts";
import { TEMPLATES } from "./cli.ts";

/** The templates that are there. */
export const KINDS = readdirSync(TEMPLATES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "shared")
  .map(({ name }) => name as Chosen["template"]);

export const VERSIONS = readVersions(TEMPLATES);
const FILES = new Map(KINDS.map((kind) => [kind, readTemplate(TEMPLATES, kind)]));

/** The project that flags describe; `refused` where they are refused. */
export function projectOf(flags: Flags): Project | "refused" {
  try {
    return resolveProject({ dir: "/nowhere/shop", ...flags }, {});
  } catch {
    return "refused";
  }
}

/** The texts of a project's files, by path. */
export function planOf(project: Project): ReadonlyMap<string, string> {
  const parts = { files: FILES.get(project.template) ?? new Map(), versions: VERSIONS, vendor: undefined };
  return new Map(planProject(project, parts).map((file) => [file.path, file.data.toString()]));
}

/** Every combination of every choice, of the templates that are there. */
export function everyChoice(): readonly Chosen[] {
  let all: readonly Record<string, string>[] = [{}];
  for (const name of CHOICE_NAMES) {
    const values = name === "template" ? KINDS : valuesOf(name);
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return all as unknown as readonly Chosen[];
}
