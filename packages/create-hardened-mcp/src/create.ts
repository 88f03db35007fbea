import { finish } from "./after/finish.ts";
import { isInteractive } from "./ask/interactive.ts";
import type { Flags } from "./options/flags.ts";
import type { Project } from "./options/project.ts";
import { resolveProject } from "./options/resolve.ts";
import { planProject } from "./plan/plan.ts";
import type { PlannedFile } from "./plan/planned-file.ts";
import { nextSteps } from "./say/next-steps.ts";
import { type Outcome, reportJson, reportText } from "./say/report.ts";
import { say } from "./say/streams.ts";
import { cannotWrite, watchInterrupts } from "./stop.ts";
import { readTemplate, readVersions } from "./template/files.ts";
import { previewProject } from "./write/preview.ts";
import { inspectTarget } from "./write/target.ts";
import { writeProject } from "./write/write-project.ts";

/** Where things are. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** The folder of the templates. */
  readonly templates: string;
}

/** Makes a project from a command line. @throws {Stop} {UsageError} why it was not made */
export async function create(said: Flags, surroundings: Surroundings): Promise<void> {
  requireWorkingFolder();
  const interrupts = watchInterrupts();
  try {
    await createUnless(interrupts.signal, said, surroundings);
  } finally {
    interrupts.stop();
  }
}

async function createUnless(signal: AbortSignal, said: Flags, { environment, templates }: Surroundings): Promise<void> {
  // Read and compiled only where there is somebody to ask.
  const ask = isInteractive(said, environment) ? (await import("./ask/prompts.ts")).ask : undefined;
  const flags = ask === undefined ? said : await ask(said, environment, signal);
  const project = resolveProject(flags, environment);
  const target = inspectTarget(project.dir, flags.overwrite === true);
  const planned = planProject(project, {
    files: readTemplate(templates, project.template),
    versions: readVersions(templates),
    vendor: flags.vendor,
  });
  const answer = (outcome: Outcome) => (flags.json ? reportJson(outcome) : reportText(outcome));
  if (flags.dryRun) {
    const { files, ...would } = previewProject(target, planned);
    await say(answer(outcomeOf(project, planned, files, { ...would, dryRun: true })), "Nothing was written.");
    return;
  }
  const { files, ...rest } = await writeProject(target, planned, signal);
  const { failure, ...done } = await finish(project, flags, environment, signal);
  await say(answer(outcomeOf(project, planned, files, { ...done, ...rest })), standing(project, done)).catch(
    (error) => {
      throw failure ?? error;
    },
  );
  if (failure !== undefined) throw failure;
}

/** The working folder can be removed under a shell; Node then fails wherever a path is completed. */
function requireWorkingFolder(): void {
  try {
    process.cwd();
  } catch (error) {
    throw cannotWrite("The folder that this is run in was removed. Nothing was written. Go to another one.", error);
  }
}

function standing({ dir }: Project, { install }: Pick<Done, "install">): string {
  return `All files of the project are in ${dir}. Dependencies: ${install}.`;
}

interface Done {
  readonly dryRun?: true;
  readonly git?: string;
  readonly install?: string;
  readonly isInstalled?: boolean;
  readonly replaced: readonly string[];
  readonly closed: readonly string[];
}

function outcomeOf(project: Project, planned: readonly PlannedFile[], files: readonly string[], done: Done): Outcome {
  const { dryRun = false, git = "not made", install = "not installed", isInstalled = false, replaced, closed } = done;
  return {
    project,
    files,
    kept: planned.map(({ path }) => path).filter((path) => !files.includes(path)),
    replaced,
    closed,
    secrets: planned.filter(({ mode }) => mode === 0o600).map(({ path }) => path),
    dryRun,
    git,
    install,
    next: nextSteps(project, isInstalled),
  };
}
