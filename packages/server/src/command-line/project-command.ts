import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import type { AuditSink } from "../call/guard.ts";
import type { Security } from "../config/open-security.ts";
import type { ProjectConfig } from "../config/project-config.ts";
import type { ReachConfig } from "../config/unsafe-http.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { GuardedServer } from "../server.ts";
import { COMMON_VARIABLES, CONFIG_VARIABLE, type Variables } from "./environment.ts";
import { COMMON_FLAGS, type CommonFlags, parseCommandLine } from "./flags.ts";
import { configJsonSchema, loadConfig } from "./load-config.ts";
import { noAudit } from "./print.ts";
import { runServer } from "./run-server.ts";
import { type PlacedConfig, serverCommand } from "./server-command.ts";
import { LOCK_FILE } from "./tools-lock.ts";
import { UsageError } from "./usage-error.ts";

/** The configuration file of a project, in its folder. */
const CONFIG_FILE = "server.config.json";

/** What a project's server is made from. */
export interface ProjectParts<Config> {
  readonly config: PlacedConfig<Config>;
  readonly audit: AuditSink;
  /** Of the project's package. */
  readonly version: string;
  /** Who may call what; goes into `createServer`. */
  readonly security: Security["serverOptions"];
  /** Only its definitions are looked at, as for `--print-manifest`: what is secret or away need not be there. */
  readonly describing: boolean;
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
  /** Paths that its configuration names and its tools never serve must be kept apart from these. Default: it serves no files. */
  refuseServed?(secrets: readonly string[], config: PlacedConfig<z.output<Schema>>): void;
  /** Opens what the tools stand on and makes the server. Also called to describe it, with a log that keeps nothing. */
  create(parts: ProjectParts<z.output<Schema>>): Promise<ProjectServer> | ProjectServer;
}

/**
 * The `main` of a project's server, with the flags that all servers have. Its configuration is `server.config.json` in the project's
 * folder, unless `--config` names another; paths in it are relative to that folder, wherever a client starts the server from. Every
 * start is held to `tools.lock.json` there.
 */
export function projectCommand<Schema extends z.ZodType<ReachConfig & ProjectConfig>>(
  project: Project<Schema>,
): (argv: readonly string[], environment?: NodeJS.ProcessEnv) => Promise<void> {
  const folder = fileURLToPath(new URL("..", project.module));
  const main = serverCommand<CommonFlags, z.output<Schema>>({
    server: project.name,
    command: project.name,
    module: project.module,
    help: helpOf(project),
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
        audit: noAudit,
        version,
        security: {},
        describing: true,
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
        refuseServed: (secrets) => project.refuseServed?.(secrets, config),
        create: async ({ audit, security }) => {
          made = await project.create({ config, audit, version, security, describing: false });
          return made.server;
        },
        close: async () => made?.close?.(),
      });
    },
  });
  return (argv, environment = process.env) => main(argv, { ...ownConfig(folder), ...environment });
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

function helpOf({ name, about }: { readonly name: string; readonly about: string }): string {
  return `Usage: ${name} [flags]

${about}

  --http [HOST:PORT]    serve over HTTP (default 127.0.0.1:3000) instead of stdio
  --config FILE         configuration in JSON (default: ${CONFIG_FILE} of the project)
  --policy PATH         Cedar policies: a file, or a folder of *.cedar files
  --state URL           state that replicas share: sqlite:///PATH, postgres://HOST/DB, rediss://HOST
  --audit-dir DIR       where the audit log is kept (default: the user's state folder)
  --allow-write         offer the tools that change something
  --tools-lock FILE     the reviewed definitions that the start is held to (default: ${LOCK_FILE} of the project)
  --write-tools-lock    write them, say what has changed, and end
  --check-tools-lock    say what is not as reviewed, and end with 1 if anything is not
  --print-config        print the effective configuration and end
  --print-config-schema print the JSON Schema of the configuration and end
  --print-manifest      print what policies can speak about and end
  --help, --version

  --dangerously-allow-tool-drift   only warn of what is not as reviewed; for development

Precedence: flag, environment (HARDENED_MCP_*), file, default.
Exit codes: 0 ok, 1 failure, 64 usage, 69 a needed service is away, 73 the audit log cannot be written,
78 bad configuration.
`;
}
