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
import { refuseServedAuditDir, refuseServedSecrets } from "./audit-dir.ts";
import { parseFlags } from "./config/flags.ts";
import { HELP } from "./config/help.ts";
import { loadConfig } from "./config/load.ts";
import type { FilesystemConfig } from "./config/schema.ts";
import { createFilesystemServer } from "./create.ts";
import { openRoots } from "./roots/open-roots.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

/** How policies, switches and the audit log name this server. */
const SERVER = "filesystem";

/**
 * Runs the server until its client goes or a signal comes; ending the process is then its part.
 *
 * @param argv the command line without the program
 * @throws {UsageError} 64 {@link ConfigError} 78, or 69 where a store is away; {@link exitCodeOf} knows every code
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
  if (flags.printConfig) return printJson(config);
  if (flags.printManifest) return await printManifest(config, version);
  if (config.roots.length === 0) throw new UsageError("Name at least one directory to serve.");

  const roots = openRoots(config, (message) => process.stderr.write(`Warning: ${message}\n`));
  refuseServedAuditDir(auditDir, roots);
  await runServer({
    server: SERVER,
    command: "hardened-mcp-filesystem",
    config,
    configFile: configFile(flags, environment),
    weakening: config.dangerouslyAllowBroadRoot ? ["--dangerously-allow-broad-root"] : [],
    refuseServed: (secrets) => refuseServedSecrets(secrets, roots),
    create: ({ audit, security }) => createFilesystemServer({ config, roots, audit, version, security }),
  });
}

/** What policies can speak about; no directory is needed to know it. */
async function printManifest(config: FilesystemConfig, version: string): Promise<void> {
  const { manifestOf } = await import("@hardened-mcp/server");
  printJson(manifestOf(createFilesystemServer({ config, roots: [], audit: noAudit, version }), SERVER));
}

async function printSchema(): Promise<void> {
  const { configJsonSchema } = await import("./config/json-schema.ts");
  printJson(configJsonSchema());
}
