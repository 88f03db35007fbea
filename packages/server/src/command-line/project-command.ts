import { hash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { type ProjectConfig, projectOptions } from "../config/project-config.ts";
import type { ReachConfig } from "../config/unsafe-http.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { ServerOptions } from "../options.ts";
import type { GuardedServer } from "../server.ts";
import { COMMON_VARIABLES, CONFIG_VARIABLE, type Variables } from "./environment.ts";
import { COMMON_FLAGS, type CommonFlags, parseCommandLine } from "./flags.ts";
import { configJsonSchema, loadConfig } from "./load-config.ts";
import { noAudit } from "./print.ts";
import { projectHelp } from "./project-help.ts";
import { exitCodeOf, runServer } from "./run-server.ts";
import { refuseServedPaths } from "./served-paths.ts";
import { type PlacedConfig, serverCommand } from "./server-command.ts";
import type { Command } from "./start.ts";
import { LOCK_FILE } from "./tools-lock.ts";
import { UsageError } from "./usage-error.ts";

/** The configuration file of a project, in its folder. */
const CONFIG_FILE = "server.config.json";

/** What a project's server is made from. */
export interface ProjectParts<Config> {
  readonly config: PlacedConfig<Config>;
  /** Only its definitions are looked at, as for `--print-manifest`: what is secret or away need not be there. */
  readonly describing: boolean;
  /**
   * What every server gives `createServer` beside its definitions: its name and version, the audit log, who may call what, limits,
   * masks and marks.
   *
   * @param secrets this server's own, such as the token of an API it asks: masked wherever they stand in what leaves
   * @throws {ConfigError} a secret of fewer than six characters: it cannot be told from ordinary text
   */
  options(secrets?: readonly string[]): Omit<ServerOptions, "instructions" | "tools" | "resources" | "prompts">;
}

/** A server, and what to close after it. */
export interface ProjectServer {
  readonly server: GuardedServer;
  close?(): Promise<void>;
}

/** A project with a server of its own. */
export interface Project<Schema extends z.ZodType<ReachConfig & ProjectConfig>> {
  /** How policies, switches and the audit log name it, and the name of its command. */
  readonly name: string;
  /** First line of `--help`: what it serves. */
  readonly about: string;
  /** `import.meta.url` of a module in a folder of the project, such as `src`. */
  readonly module: string;
  /** Made by `projectConfig`. */
  readonly config: Schema;
  /** Environment variables for keys of its own, besides the common ones. */
  readonly variables?: Variables;
  /**
   * Files and folders that its tools open, by the setting that names each. A start is refused where one holds, or lies in, a key, the
   * rules, the settings, the audit log or the program. Default: it serves no files.
   */
  served?(config: PlacedConfig<z.output<Schema>>): Readonly<Record<string, string>>;
  /** Opens what the tools stand on and makes the server. Also called to describe it, with a log that keeps nothing. */
  create(parts: ProjectParts<z.output<Schema>>): Promise<ProjectServer> | ProjectServer;
}

/** What `startCommand` runs. */
export interface ProjectCommand extends Command {
  main(argv: readonly string[], environment?: NodeJS.ProcessEnv): Promise<void>;
}

/**
 * The command of a project's server, with the flags that all servers have. Its configuration is `server.config.json` in the project's
 * folder, unless `--config` names another; paths in it are relative to that folder, wherever a client starts the server from. Every
 * start is held to `tools.lock.json` there.
 */
export function projectCommand<Schema extends z.ZodType<ReachConfig & ProjectConfig>>(
  project: Project<Schema>,
): ProjectCommand {
  const folder = fileURLToPath(new URL("..", project.module));
  const main = serverCommand<CommonFlags, z.output<Schema>>({
    server: project.name,
    command: project.name,
    module: project.module,
    help: projectHelp(project),
    stateName: stateNameOf(project.name, folder),
    writeLockWith: "npm run lock",
    parseFlags,
    loadConfig: (flags, environment) => {
      // Where the client was started from says nothing of where the project's files are.
      process.chdir(folder);
      const loaded = loadConfig({
        schema: project.config,
        flags,
        fromFlags: () => (flags.allowWrite ? [["allowWrite", true]] : []),
        environment,
        variables: { ...COMMON_VARIABLES, ...project.variables },
        flagOnly: { allowWrite: "--allow-write" },
      });
      // Not only where the configuration names it: what is generated is reviewed from its first day. Another one is for whoever
      // types the command line; an ambient variable that names its own lock would have reviewed what nobody has.
      const toolsLock = resolve(folder, flags.toolsLock ?? LOCK_FILE);
      if (resolve(folder, loaded.toolsLock ?? toolsLock) !== toolsLock) {
        throw new ConfigError(
          `A project is held to ${toolsLock}. Take HARDENED_MCP_TOOLS_LOCK or toolsLock out; --tools-lock names another one.`,
        );
      }
      return { ...loaded, toolsLock };
    },
    configSchema: async () => configJsonSchema(project.config as unknown as z.ZodObject, ["allowWrite"]),
    describe: async (config, { version }, use) => {
      const { server, close } = await project.create({
        config,
        describing: true,
        options: (secrets) => ({ name: project.name, version, audit: noAudit, ...projectOptions(config, secrets) }),
      });
      try {
        return use(server);
      } finally {
        await close?.();
      }
    },
    serve: async (config, { run, version }) => {
      let made: ProjectServer | undefined;
      await runServer({
        ...run,
        config,
        refuseServed: (secrets) =>
          refuseServedPaths(project.served?.(config) ?? {}, { folder, secrets: [...secrets, config.auditDir] }),
        create: async ({ audit, security }) => {
          made = await project.create({
            config,
            describing: false,
            options: (secrets) => ({
              name: project.name,
              version,
              audit,
              ...projectOptions(config, secrets),
              ...security,
            }),
          });
          return made.server;
        },
        close: async () => made?.close?.(),
      });
    },
  });
  return {
    main: (argv, environment = process.env) => main(argv, { ...ownConfig(folder), ...environment }),
    exitCodeOf,
  };
}

/**
 * The name of its folder for state. Two projects of one name on one machine would otherwise read each other's audit log and stand under
 * each other's limits and revocations. By the real path: a project that is reached through a link is the same one.
 */
function stateNameOf(name: string, folder: string): string {
  return `${name}-${hash("sha256", realpathSync.native(folder), "hex").slice(0, 16)}`;
}

/** The project's file is the default; a flag or the environment name another. */
function ownConfig(folder: string): NodeJS.ProcessEnv {
  const file = resolve(folder, CONFIG_FILE);
  return existsSync(file) ? { [CONFIG_VARIABLE]: file } : {};
}

const PATH_FLAGS = ["config", "auditDir", "policy", "toolsLock"] as const satisfies readonly (keyof CommonFlags)[];

/** A path on the command line is relative to where it was typed, not to the project. */
function parseFlags(argv: readonly string[]): CommonFlags {
  const { words, flags } = parseCommandLine(argv, COMMON_FLAGS);
  const [word] = words;
  if (word !== undefined)
    throw new UsageError(`A word stands where only flags can: ${JSON.stringify(word)}. See --help.`);
  // Each key was written by the row of COMMON_FLAGS that names its kind.
  const common = flags as CommonFlags;
  const paths = PATH_FLAGS.flatMap((key) => (common[key] === undefined ? [] : [[key, resolve(common[key])] as const]));
  return { ...common, ...Object.fromEntries(paths) };
}
