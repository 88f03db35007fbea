import { resolvePath } from "../config/secret-file.ts";
import type { GuardedServer } from "../server.ts";
import { configFile } from "./config-file.ts";
import { withDefaultPlaces } from "./default-places.ts";
import type { CommonFlags } from "./flags.ts";
import { print, printJson, versionOf } from "./print.ts";
import type { ServedConfig, ServerToRun } from "./run-server.ts";
import { LOCK_FILE, lockTask, toolsLockOf } from "./tools-lock.ts";

/** A configuration with its places filled in. */
export type PlacedConfig<Config> = Config & { readonly auditDir: string };

/** What a start was told, beside its configuration. */
export interface Start<Flags extends CommonFlags> {
  readonly flags: Flags;
  /** Of the package. */
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The part of `runServer` that is the same for every server. */
  readonly run: Pick<ServerToRun, "server" | "command" | "configFile" | "toolsLock">;
}

/** What the command of every server looks at in a configuration. */
export interface CommandConfig extends Omit<ServedConfig, "auditDir"> {
  readonly allowWrite?: boolean;
}

/** What is particular to the command of one server. */
export interface ServerCommand<Flags extends CommonFlags, Config extends CommandConfig> {
  /** How policies, switches and the audit log name it, such as `filesystem`. */
  readonly server: string;
  /** Name of the command; on every line of its log. */
  readonly command: string;
  /** `import.meta.url` of a module that lies in a folder of its package, such as `dist`; gives the version. */
  readonly module: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Name of its folder in the user's state folder. Default: `server`. */
  readonly stateName?: string;
  /** What an operator runs to write the lock, where that is not the command itself with --write-tools-lock. */
  readonly writeLockWith?: string;
  /** @throws {UsageError} */
  parseFlags(argv: readonly string[]): Flags;
  /** @throws {ConfigError} */
  loadConfig(flags: Flags, environment: NodeJS.ProcessEnv): Config & { readonly auditDir?: string };
  /** The JSON Schema of the configuration file; asked for by `--print-config-schema` alone. */
  configSchema(): Promise<Record<string, unknown>>;
  /** The configuration as it may be shown. Default: as it is. */
  shownConfig?(config: PlacedConfig<Config>): unknown;
  /** Prints what a flag of its own asks for. `true`: one did, and the command ends. */
  printOwn?(config: PlacedConfig<Config>, start: Start<Flags>): Promise<boolean> | boolean;
  /** Makes the server to be described, which serves nobody; closes again what that took. */
  describe<Result>(
    config: PlacedConfig<Config>,
    start: Start<Flags>,
    use: (server: GuardedServer) => Result,
  ): Promise<Result> | Result;
  /** Serves until the client goes or a signal comes. */
  serve(config: PlacedConfig<Config>, start: Start<Flags>): Promise<void>;
}

/**
 * The `main` of a server: flags, configuration, what is printed, and then the service.
 *
 * @returns a function of the command line without the program; what it throws has its exit code from `exitCodeOf`
 */
export function serverCommand<Flags extends CommonFlags, Config extends CommandConfig>(
  spec: ServerCommand<Flags, Config>,
): (argv: readonly string[], environment?: NodeJS.ProcessEnv) => Promise<void> {
  return async function main(argv, environment = process.env) {
    const flags = spec.parseFlags(argv);
    if (flags.help) return print(spec.help);
    const version = versionOf(spec.module);
    if (flags.version) return print(`${version}\n`);
    if (flags.printConfigSchema) return printJson(await spec.configSchema());

    const { server, command } = spec;
    const config = withDefaultPlaces(spec.loadConfig(flags, environment), spec.stateName ?? server, environment);
    if (flags.printConfig) return printJson(spec.shownConfig?.(config) ?? config);
    const toolsLock = toolsLockOf(config, flags, spec.writeLockWith);
    const run = { server, command, configFile: configFile(flags, environment), toolsLock };
    const start = { flags, version, environment, run };
    if (await spec.printOwn?.(config, start)) return;
    if (flags.printManifest) return await printManifest(spec, config, start);
    const task = lockTask(flags);
    if (task !== undefined) return await runLockTask(spec, task, config, start);
    await spec.serve(config, start);
  };
}

/** Writes or checks the lock. It covers what is off, too, so the server is made with and without `--allow-write`. */
async function runLockTask<Flags extends CommonFlags, Config extends CommandConfig>(
  spec: ServerCommand<Flags, Config>,
  task: "write" | "check",
  config: PlacedConfig<Config>,
  start: Start<Flags>,
): Promise<void> {
  const { checkLock, writeNewLock } = await import("../tools-lock/command.ts");
  const { lockableOf, lockOf } = await import("../tools-lock/lock-of.ts");
  const made = (allowWrite: boolean) => spec.describe({ ...config, allowWrite }, start, lockableOf);
  const lock = lockOf(await made(false), await made(true));
  const { file = resolvePath(LOCK_FILE), writeWith } = start.run.toolsLock ?? {};
  if (task === "write") print(writeNewLock(file, lock));
  else print(checkLock(file, lock, writeWith));
}

/** What policies can speak about. */
async function printManifest<Flags extends CommonFlags, Config extends CommandConfig>(
  spec: ServerCommand<Flags, Config>,
  config: PlacedConfig<Config>,
  start: Start<Flags>,
): Promise<void> {
  const { manifestOf } = await import("../manifest.ts");
  printJson(await spec.describe(config, start, (described) => manifestOf(described, spec.server)));
}
