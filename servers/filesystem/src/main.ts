import { readFileSync } from "node:fs";
import { AuditError } from "@hardened-mcp/audit";
import { ConfigError, createLog, serve } from "@hardened-mcp/server";
import { auditSecretFiles, namesSecurity, openAudit, openShipping } from "@hardened-mcp/server/config";
import { defaultAuditDir, refuseServedAuditDir, refuseServedSecrets } from "./audit-dir.ts";
import { parseFlags } from "./config/flags.ts";
import { HELP } from "./config/help.ts";
import { configFile, expandHome, loadConfig } from "./config/load.ts";
import type { FilesystemConfig } from "./config/schema.ts";
import { UsageError } from "./config/usage-error.ts";
import { createFilesystemServer } from "./create.ts";
import { openRoots } from "./roots/open-roots.ts";

/**
 * Runs the server until its client goes or a signal comes.
 *
 * @param argv the command line without the program
 * @returns the exit code where nothing was served; while a server runs, ending the process is its part
 * @throws {UsageError} 64 {@link ConfigError} 78, or 69 where a store is away; {@link exitCodeOf} knows every code
 */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const flags = parseFlags(argv);
  if (flags.help) return print(HELP);
  const version = ownVersion();
  if (flags.version) return print(`${version}\n`);
  if (flags.printConfigSchema) return print(await schemaText());

  const loaded = loadConfig(flags, environment);
  const auditDir = expandHome(loaded.auditDir ?? defaultAuditDir(environment));
  const config = { ...loaded, auditDir };
  if (flags.printConfig) return print(`${JSON.stringify(config, undefined, 2)}\n`);
  if (flags.printManifest) return print(await manifestText(config, version));
  if (config.roots.length === 0) throw new UsageError("Name at least one directory to serve.");

  const roots = openRoots(config, (message) => process.stderr.write(`Warning: ${message}\n`));
  refuseServedAuditDir(auditDir, roots);
  // Loaded only where the configuration names any of it: most servers on stdio stand on the defaults.
  const opening = namesSecurity(config) ? await import("@hardened-mcp/server/security") : undefined;
  const file = configFile(flags, environment);
  const secrets = [...(opening?.secretFiles(config) ?? []), ...auditSecretFiles(config.audit)];
  refuseServedSecrets([...secrets, ...(file === undefined ? [] : [file])], roots);
  // A start that fails must end: a connection to a store that stays open would keep the process, which serves nothing.
  await using opened = new AsyncDisposableStack();
  const audit = opened.adopt(await openAudit(config.audit, { dir: auditDir, server: SERVER }), closeAfterFailure);
  const log = createLog("hardened-mcp-filesystem");
  const security = await opening?.openSecurity(config, { server: SERVER, audit, log });
  if (security !== undefined) opened.adopt(security, closeAfterFailure);
  const shipping = await openShipping(config.audit ?? {}, { dir: auditDir, audit, log });
  if (shipping !== undefined) opened.adopt(shipping, closeAfterFailure);
  const server = createFilesystemServer({ config, roots, audit, version, security: security?.serverOptions ?? {} });
  await serve(server, {
    ...(config.http === undefined ? { stdio: true } : { http: { ...config.http, ...security?.httpOptions } }),
    config,
    weakening: config.dangerouslyAllowBroadRoot ? ["--dangerously-allow-broad-root"] : [],
    onStop: async () => {
      await security?.close();
      // The log first: its last records and its last checkpoint are to be sent, too.
      await audit.close();
      await shipping?.close();
    },
  });
  opened.move();
}

/** Why the start failed is the news; that something could then not be closed either is not. */
async function closeAfterFailure(opened: { close(): Promise<unknown> }): Promise<void> {
  await opened.close().catch(() => undefined);
}

/** How policies, switches and the audit log name this server. */
const SERVER = "filesystem";

/** What policies can speak about; no directory is needed to know it. */
async function manifestText(config: FilesystemConfig, version: string): Promise<string> {
  const { manifestOf } = await import("@hardened-mcp/server");
  const audit = { write: () => 0, durable: async () => undefined, digest: () => ({ digest: "", bytes: 0 }) };
  const server = createFilesystemServer({ config, roots: [], audit, version });
  return `${JSON.stringify(manifestOf(server, SERVER), undefined, 2)}\n`;
}

/** The exit code for what {@link main} threw, after sysexits.h; `--help` lists them. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof UsageError || thrown instanceof ConfigError) return thrown.exitCode;
  if (!(thrown instanceof AuditError)) return 1;
  return ["invalid", "wrong_server", "wrong_key"].includes(thrown.code) ? 78 : 73;
}

function print(text: string): void {
  process.stdout.write(text);
}

async function schemaText(): Promise<string> {
  const { configJsonSchema } = await import("./config/json-schema.ts");
  return `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return (manifest as { version: string }).version;
}
