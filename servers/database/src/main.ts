import {
  configFile,
  defaultAuditDir,
  noAudit,
  print,
  printJson,
  runServer,
  UsageError,
  versionOf,
} from "@hardened-mcp/server/command-line";
import { resolvePath } from "@hardened-mcp/server/config";
import { parseFlags } from "./config/flags.ts";
import { HELP } from "./config/help.ts";
import { loadConfig, recordedConfig, shownConfig } from "./config/load.ts";
import type { DatabaseConfig } from "./config/schema.ts";
import { createDatabaseServer } from "./create.ts";
import { checkQueries } from "./sources/check-queries.ts";
import { type OpenedSources, openSources } from "./sources/open-sources.ts";
import { refuseServedFiles, sourceSecretFiles } from "./sources/refuse-served.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

/** How policies, switches and the audit log name this server. */
const SERVER = "database";

/**
 * Runs the server until its client goes or a signal comes; ending the process is then its part.
 *
 * @param argv the command line without the program
 * @throws {UsageError} 64 {@link ConfigError} 78, or 69 where a database or a store is away; {@link exitCodeOf} knows every code
 */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const flags = parseFlags(argv);
  if (flags.help) return print(HELP);
  const version = versionOf(import.meta.url);
  if (flags.version) return print(`${version}\n`);
  if (flags.printConfigSchema) return await printSchema();

  const loaded = loadConfig(flags, environment);
  const auditDir = resolvePath(loaded.auditDir ?? defaultAuditDir(SERVER, environment));
  const config = { ...loaded, auditDir };
  if (flags.printConfig) return printJson(shownConfig(config));
  if (Object.keys(config.sources).length === 0) throw new UsageError("Name at least one database to serve.");
  if (flags.printRoleSql !== undefined) return await printRoleSql(config, flags.printRoleSql, environment);
  if (flags.printManifest) return await printManifest(config, version, environment);

  // Begun before the rest: a process that runs SQLite starts on another core while the audit log is opened here.
  const opening = openSources(config, environment);
  opening.catch(() => undefined);
  try {
    await serveSources(config, opening, { flags, version, environment });
  } catch (error) {
    await closeSources(opening);
    throw error;
  }
}

/** What a start was told, beside its configuration. */
interface Start {
  readonly flags: ReturnType<typeof parseFlags>;
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
}

async function serveSources(
  config: DatabaseConfig & { readonly auditDir: string },
  opening: Promise<OpenedSources>,
  { flags, version, environment }: Start,
): Promise<void> {
  let own: readonly string[] = [];
  await runServer({
    server: SERVER,
    command: "hardened-mcp-database",
    config,
    recorded: recordedConfig(config),
    configFile: configFile(flags, environment),
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

/** What policies can speak about. It is asked of the databases, since they say what a saved query does. */
async function printManifest(config: DatabaseConfig, version: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const { manifestOf } = await import("@hardened-mcp/server");
  const { sources, close } = await openSources(config, environment);
  try {
    const saved = await checkQueries(config, sources);
    printJson(manifestOf(createDatabaseServer({ config, sources, saved, audit: noAudit, version }), SERVER));
  } finally {
    await close();
  }
}

async function printRoleSql(config: DatabaseConfig, source: string | true, environment: NodeJS.ProcessEnv) {
  const { roleSqlOf } = await import("./sources/role-sql.ts");
  print(await roleSqlOf(config, source, environment));
}

async function printSchema(): Promise<void> {
  const { configJsonSchema } = await import("./config/json-schema.ts");
  printJson(configJsonSchema());
}
