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
import { describeApis } from "./apis/describe-apis.ts";
import { openApis, unopened } from "./apis/open-apis.ts";
import { weakeningsOf } from "./apis/weakenings.ts";
import { credentialFiles } from "./config/credential-files.ts";
import { type Flags, parseFlags } from "./config/flags.ts";
import { HELP } from "./config/help.ts";
import { loadConfig } from "./config/load.ts";
import type { HttpApiConfig } from "./config/schema.ts";
import { shownConfig } from "./config/shown.ts";
import { createHttpApiServer } from "./create.ts";
import { noPages, openPages } from "./fetch-url/pages.ts";
import { refuseServedFiles } from "./served-files.ts";
import { loadForCallsSoon } from "./tools/load-for-calls.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

/** How policies, switches and the audit log name this server. */
const SERVER = "http-api";
const COMMAND = "hardened-mcp-http-api";

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
  if (flags.printConfig) return printJson(shownConfig(config));
  if (Object.keys(config.apis).length === 0 && config.fetchUrl === undefined) {
    throw new UsageError("Name an API to serve: --spec FILE, or apis in the configuration.");
  }
  if (flags.printOperations) return await printOperations(config, flags);
  if (flags.printManifest) return await printManifest(config, version);
  await serveApis(config, version, configFile(flags, environment));
}

async function serveApis(
  config: HttpApiConfig & { readonly auditDir: string },
  version: string,
  file: string | undefined,
): Promise<void> {
  // Begun before the rest: a document is read and parsed while the audit log is opened.
  const describing = describeApis(config);
  describing.catch(() => undefined);
  // Closed in the end, and where the start fails.
  const opened: { close(): Promise<void> }[] = [];
  // Known when the documents are; `runServer` reads it after `create`.
  const weakening: string[] = [];
  await runServer({
    server: SERVER,
    command: COMMAND,
    config,
    recorded: shownConfig(config),
    weakening,
    configFile: file,
    refuseServed: (secrets) => refuseServedFiles(config, [...secrets, ...credentialFiles(config)]),
    create: async ({ audit, log, security }) => {
      const network = { egressProxy: config.egressProxy };
      const described = await describing;
      weakening.push(...weakeningsOf(described));
      const apis = await openApis(described, { log, ...network });
      opened.push(apis);
      const pages = config.fetchUrl === undefined ? undefined : openPages(config.fetchUrl, network);
      if (pages !== undefined) opened.push(pages);
      return createHttpApiServer({ config, apis: apis.apis, pages, audit, version, security });
    },
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
    },
  });
  loadForCallsSoon();
}

async function printOperations(config: HttpApiConfig, { json }: Flags): Promise<void> {
  const { operationsJson, operationsText } = await import("./print-operations.ts");
  await checkPages(config);
  const apis = await describeApis(config);
  if (json) printJson(operationsJson(apis, config.fetchUrl));
  else print(operationsText(apis, config.fetchUrl));
}

/** What policies can speak about. Nothing is opened for it: neither secrets nor upload folders have to be there. */
async function printManifest(config: HttpApiConfig, version: string): Promise<void> {
  const { manifestOf } = await import("@hardened-mcp/server");
  await checkPages(config);
  const apis = (await describeApis(config)).map(unopened);
  const pages = config.fetchUrl === undefined ? undefined : noPages;
  printJson(manifestOf(createHttpApiServer({ config, apis, pages, audit: noAudit, version }), SERVER));
}

/** What a start would refuse is refused where a start is described. @throws {ConfigError} */
async function checkPages({ fetchUrl, egressProxy }: HttpApiConfig): Promise<void> {
  if (fetchUrl !== undefined) await openPages(fetchUrl, { egressProxy }).close();
}

async function printSchema(): Promise<void> {
  const { configJsonSchema } = await import("./config/json-schema.ts");
  printJson(configJsonSchema());
}
