import { noAudit, runServer, serverCommand, UsageError } from "@hardened-mcp/server/command-line";
import { refuseServedAuditDir, refuseServedSecrets } from "./audit-dir.ts";
import { type Flags, parseFlags } from "./config/flags.ts";
import { HELP } from "./config/help.ts";
import { loadConfig } from "./config/load.ts";
import type { FilesystemConfig } from "./config/schema.ts";
import { createFilesystemServer } from "./create.ts";
import { openRoots } from "./roots/open-roots.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

/**
 * Runs the server until its client goes or a signal comes; ending the process is then its part.
 *
 * @param argv the command line without the program
 * @throws {UsageError} 64 {@link ConfigError} 78, or 69 where a store is away; {@link exitCodeOf} knows every code
 */
export const main = serverCommand<Flags, FilesystemConfig>({
  server: "filesystem",
  command: "hardened-mcp-filesystem",
  module: import.meta.url,
  help: HELP,
  parseFlags,
  loadConfig,
  configSchema: async () => (await import("./config/json-schema.ts")).configJsonSchema(),
  // No directory is needed to know it.
  describe: (config, { version }, use) => use(createFilesystemServer({ config, roots: [], audit: noAudit, version })),
  serve: async (config, { run, version }) => {
    if (config.roots.length === 0) throw new UsageError("Name at least one directory to serve.");
    const roots = openRoots(config, (message) => process.stderr.write(`Warning: ${message}\n`));
    refuseServedAuditDir(config.auditDir, roots);
    await runServer({
      ...run,
      config,
      weakening: config.dangerouslyAllowBroadRoot ? ["--dangerously-allow-broad-root"] : [],
      refuseServed: (secrets) => refuseServedSecrets(secrets, roots),
      create: ({ audit, security }) => createFilesystemServer({ config, roots, audit, version, security }),
    });
  },
});
