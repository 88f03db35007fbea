import type { Flags } from "./options/flags.ts";
import { resolveProject } from "./options/resolve.ts";
import { planProject } from "./plan/plan.ts";
import { nextSteps } from "./say/next-steps.ts";
import { watchInterrupts } from "./stop.ts";
import { readTemplate, readVersions } from "./template/files.ts";
import { inspectTarget } from "./write/target.ts";
import { writeProject } from "./write/write-project.ts";

/** Where things are. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** The folder of the templates. */
  readonly templates: string;
}

/** Makes a project from a command line. @throws {Stop} {UsageError} why it was not made */
export async function create(flags: Flags, { environment, templates }: Surroundings): Promise<void> {
  const project = resolveProject(flags, environment);
  const target = inspectTarget(project.dir, flags.overwrite === true);
  const files = planProject(project, {
    files: readTemplate(templates, project.template),
    versions: readVersions(templates),
  });
  const interrupts = watchInterrupts();
  try {
    await writeProject(target, files, interrupts.signal);
  } finally {
    interrupts.stop();
  }
  const { start, connect, off } = nextSteps(project, false);
  process.stdout.write(`${project.dir}\nStart:   ${start}\nConnect: ${connect}\nOff:     ${off}\n`);
}
