import type { Project } from "../options/project.ts";
import type { NextSteps } from "./next-steps.ts";
import { jsonOf, visible } from "./visible.ts";

/** What was done, or would be. */
export interface Outcome {
  readonly project: Project;
  /** Paths in the project, of what was written or would be. */
  readonly files: readonly string[];
  /** Those that were there and stay as they are. */
  readonly kept: readonly string[];
  /** Of `files`, those in whose place there was one. */
  readonly replaced: readonly string[];
  /** Of `kept`, secrets that others could read until now. */
  readonly closed: readonly string[];
  /** Of `files`, those that only their owner may read. */
  readonly secrets: readonly string[];
  readonly dryRun: boolean;
  readonly git: string;
  readonly install: string;
  readonly next: NextSteps;
}

/** One JSON object for programs. Secrets are named by their paths only. */
export function reportJson({ project, ...outcome }: Outcome): string {
  const { name, dir, said, isBerry: _, issuer, publicUrl, ...options } = project;
  const urls = { ...(said.issuer ? { issuer } : {}), ...(said.publicUrl ? { publicUrl } : {}) };
  return jsonOf({ dir, name, options: { ...options, ...urls }, ...outcome });
}

/** For people; ends with how to go on. */
export function reportText(outcome: Outcome): string {
  const { project, files, kept, replaced, closed, secrets, dryRun, git, install, next } = outcome;
  if (dryRun) return shown(previewLines(outcome));
  const lines = [
    `${project.name} is in ${project.dir}: ${files.length} files${replaced.length === 0 ? "" : `, ${replaced.length} of them in the place of others`}.`,
    ...(kept.length === 0 ? [] : [`Kept as they were: ${kept.join(", ")}.`]),
    ...(closed.length === 0
      ? []
      : [`Others could come to them until now: ${closed.join(", ")}. Only you can from now on.`]),
    ...(secrets.length === 0 ? [] : [`Secrets, readable by you only and not for git: ${secrets.join(", ")}.`]),
    `git: ${git}. Dependencies: ${install}.`,
    "",
    `Start:              ${next.needs === undefined ? "" : `with ${next.needs}: `}${next.start}`,
    `Connect a client:   ${next.connect}`,
    `Off by default:     ${next.off}`,
  ];
  return shown(lines);
}

function previewLines({ project, files, kept, replaced, closed }: Outcome): readonly string[] {
  return [
    ...files,
    "",
    ...(replaced.length === 0 ? [] : [`Would be replaced: ${replaced.join(", ")}.`]),
    ...(kept.length === 0 ? [] : [`Would stay as they are: ${kept.join(", ")}.`]),
    ...(closed.length === 0 ? [] : [`Others can come to them, and could not any more: ${closed.join(", ")}.`]),
    `${files.length} files for ${project.dir}. Nothing was written.`,
  ];
}

function shown(lines: readonly string[]): string {
  return lines.map((line) => `${visible(line)}\n`).join("");
}
