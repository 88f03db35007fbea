import { initGit } from "./after/git.ts";
import { install } from "./after/install.ts";
import { isInteractive } from "./ask/interactive.ts";
import type { Flags } from "./options/flags.ts";
import type { Project } from "./options/project.ts";
import { resolveProject } from "./options/resolve.ts";
import { planProject } from "./plan/plan.ts";
import type { PlannedFile } from "./plan/planned-file.ts";
import { nextSteps } from "./say/next-steps.ts";
import { type Outcome, reportJson, reportText } from "./say/report.ts";
import { shellWord } from "./say/shell-word.ts";
import { EXIT, Stop, watchInterrupts } from "./stop.ts";
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
export async function create(said: Flags, { environment, templates }: Surroundings): Promise<void> {
  // Read and compiled only where there is somebody to ask.
  const ask = isInteractive(said, environment) ? (await import("./ask/prompts.ts")).ask : undefined;
  const flags = ask === undefined ? said : await ask(said, environment);
  const project = resolveProject(flags, environment);
  const target = inspectTarget(project.dir, flags.overwrite === true);
  const planned = planProject(project, {
    files: readTemplate(templates, project.template),
    versions: readVersions(templates),
    vendor: flags.vendor,
  });
  const say = (outcome: Outcome) => process.stdout.write(flags.json ? reportJson(outcome) : reportText(outcome));
  const paths = planned.map(({ path }) => path);
  if (flags.dryRun) {
    say(outcomeOf(project, planned, paths, { dryRun: true }));
    return;
  }
  const interrupts = watchInterrupts();
  try {
    const { signal } = interrupts;
    const files = await writeProject(target, planned, signal);
    const git = flags.noGit ? "skipped" : await initGit(project.dir, environment, signal);
    const installed = flags.noInstall ? undefined : await install(project, environment, signal);
    const failure = installed?.failure;
    const done = installed === undefined ? "not installed" : failure === undefined ? "installed" : `failed: ${failure}`;
    say(outcomeOf(project, planned, files, { git, install: done, isInstalled: done === "installed" }));
    if (failure !== undefined) {
      const again = `cd ${shellWord(project.dir)} && ${installed?.command.join(" ")}`;
      throw new Stop(
        EXIT.unavailable,
        `The dependencies are not installed: ${failure}. The files stay. Repeat: ${again}`,
      );
    }
  } finally {
    interrupts.stop();
  }
}

interface Done {
  readonly dryRun?: true;
  readonly git?: string;
  readonly install?: string;
  readonly isInstalled?: boolean;
}

function outcomeOf(project: Project, planned: readonly PlannedFile[], files: readonly string[], done: Done): Outcome {
  const { dryRun = false, git = "not made", install = "not installed", isInstalled = false } = done;
  return {
    project,
    files,
    kept: planned.map(({ path }) => path).filter((path) => !files.includes(path)),
    secrets: planned.filter(({ mode }) => mode === 0o600).map(({ path }) => path),
    dryRun,
    git,
    install,
    next: nextSteps(project, isInstalled),
  };
}
