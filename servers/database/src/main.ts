import {
  noAudit,
  type PlacedConfig,
  print,
  runServer,
  type Start,
  serverCommand,
  UsageError,
} from "@hardened-mcp/server/command-line";
import { type Flags, parseFlags } from "./config/flags.ts";
import { HELP } from "./config/help.ts";
import { loadConfig, recordedConfig, shownConfig } from "./config/load.ts";
import type { DatabaseConfig } from "./config/schema.ts";
import { createDatabaseServer } from "./create.ts";
import { checkQueries } from "./sources/check-queries.ts";
import { type OpenedSources, openSources } from "./sources/open-sources.ts";
import { refuseServedFiles, sourceSecretFiles } from "./sources/refuse-served.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

type Config = PlacedConfig<DatabaseConfig>;

/**
 * Runs the server until its client goes or a signal comes; ending the process is then its part.
 *
 * @param argv the command line without the program
 * @throws {UsageError} 64 {@link ConfigError} 78, or 69 where a database or a store is away; {@link exitCodeOf} knows every code
 */
export const main = serverCommand<Flags, DatabaseConfig>({
  server: "database",
  command: "hardened-mcp-database",
  module: import.meta.url,
  help: HELP,
  parseFlags,
  loadConfig,
  configSchema: async () => (await import("./config/json-schema.ts")).configJsonSchema(),
  shownConfig,
  printOwn: printRoleSql,
  // It is asked of the databases, since they say what a saved query does.
  describe: async (config, { version, environment }, use) => {
    refuseNoSources(config);
    const { sources, close } = await openSources(config, environment);
    try {
      const saved = await checkQueries(config, sources);
      return use(createDatabaseServer({ config, sources, saved, audit: noAudit, version }));
    } finally {
      await close();
    }
  },
  serve: async (config, start) => {
    refuseNoSources(config);
    // Begun before the rest: a process that runs SQLite starts on another core while the audit log is opened here.
    const opening = openSources(config, start.environment);
    opening.catch(() => undefined);
    try {
      await serveSources(config, opening, start);
    } catch (error) {
      await closeSources(opening);
      throw error;
    }
  },
});

async function serveSources(
  config: Config,
  opening: Promise<OpenedSources>,
  { run, version }: Start<Flags>,
): Promise<void> {
  let own: readonly string[] = [];
  await runServer({
    ...run,
    config,
    recorded: recordedConfig(config),
    refuseServed: (secrets) => {
      own = [...secrets, ...sourceSecretFiles(config)];
      refuseServedFiles(config, own);
    },
    create: async ({ audit, security }) => {
      await opening.catch(() => undefined);
      // Again, now that everything exists: a link that led nowhere may lead to what this start has made.
      refuseServedFiles(config, own);
      const { sources } = await opening;
      const saved = await checkQueries(config, sources);
      return createDatabaseServer({ config, sources, saved, audit, version, security });
    },
    close: () => closeSources(opening),
  });
}

/** Sources that could not be opened have closed themselves. */
async function closeSources(opening: Promise<OpenedSources>): Promise<void> {
  const opened = await opening.catch(() => undefined);
  await opened?.close();
}

function refuseNoSources({ sources }: DatabaseConfig): void {
  if (Object.keys(sources).length === 0) throw new UsageError("Name at least one database to serve.");
}

async function printRoleSql(config: Config, { flags, environment }: Start<Flags>): Promise<boolean> {
  if (flags.printRoleSql === undefined) return false;
  refuseNoSources(config);
  const { roleSqlOf } = await import("./sources/role-sql.ts");
  print(await roleSqlOf(config, flags.printRoleSql, environment));
  return true;
}
