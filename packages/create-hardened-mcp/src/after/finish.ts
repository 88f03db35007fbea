import type { Flags } from "../options/flags.ts";
import type { Project } from "../options/project.ts";
import { shellWord } from "../say/shell-word.ts";
import { EXIT, Stop } from "../stop.ts";
import { initGit } from "./git.ts";
import { type Command, type Installed, install } from "./install.ts";
import { rememberBefore } from "./traces.ts";

/** What became of a project after its files were written. */
export interface Finished {
  /** For people. */
  readonly git: string;
  readonly install: string;
  readonly isInstalled: boolean;
  /** What else is to be said, and the exit code. */
  readonly failure?: Stop;
}

/**
 * Makes the repository and installs the dependencies. All that is written stays if that does not end well; what the package manager
 * began is taken back.
 *
 * @throws {Stop} interrupted, with what is there by then, and how to go on
 */
export async function finish(
  project: Project,
  { noGit, noInstall }: Flags,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Finished> {
  const takeBack = rememberBefore(project.dir);
  try {
    const git = noGit ? "skipped" : await initGit(project.dir, environment, signal);
    if (noInstall) return { git, install: "not installed", isInstalled: false };
    return { git, ...became(project, await install(project, environment, signal), takeBack) };
  } catch (error) {
    if (error !== signal.reason || !(error instanceof Stop)) throw error;
    const next = goOn(project.dir, [project.pm, "install"], takeBack());
    throw new Stop(
      error.exitCode,
      `${error.message} All files of the project are in ${project.dir}; its dependencies are not installed. Go on: ${next}`,
    );
  }
}

function became({ dir }: Project, { command, failure }: Installed, takeBack: () => readonly string[]) {
  if (failure === undefined) return { install: "installed", isInstalled: true };
  const repeat = goOn(dir, command, takeBack());
  return {
    install: `failed: ${failure}`,
    isInstalled: false,
    failure: new Stop(
      EXIT.unavailable,
      `The dependencies are not installed: ${failure}. The files stay. Repeat: ${repeat}`,
    ),
  };
}

/** One command to paste. */
function goOn(dir: string, command: Command, halfWritten: readonly string[]): string {
  const remove = halfWritten.length === 0 ? [] : [`rm -rf ${halfWritten.join(" ")}`];
  return [`cd ${shellWord(dir)}`, ...remove, command.join(" ")].join(" && ");
}
