import {
  noAudit,
  type PlacedConfig,
  print,
  printJson,
  runServer,
  type Start,
  serverCommand,
  UsageError,
} from "@hardened-mcp/server/command-line";
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

type Config = PlacedConfig<HttpApiConfig>;

/**
 * Runs the server until its client goes or a signal comes; ending the process is then its part.
 *
 * @param argv the command line without the program
 * @throws {UsageError} 64 {@link ConfigError} 78, or 69 where a store is away; {@link exitCodeOf} knows every code
 */
export const main = serverCommand<Flags, HttpApiConfig>({
  server: "http-api",
  command: "hardened-mcp-http-api",
  module: import.meta.url,
  help: HELP,
  parseFlags,
  loadConfig,
  configSchema: async () => (await import("./config/json-schema.ts")).configJsonSchema(),
  shownConfig,
  printOwn: printOperations,
  // Nothing is opened for it: neither secrets nor upload folders have to be there.
  describe: async (config, { version }, use) => {
    refuseNoApis(config);
    await checkPages(config);
    const apis = (await describeApis(config)).map(unopened);
    const pages = config.fetchUrl === undefined ? undefined : noPages;
    return use(createHttpApiServer({ config, apis, pages, audit: noAudit, version }));
  },
  serve: serveApis,
});

async function serveApis(config: Config, { run, version }: Start<Flags>): Promise<void> {
  refuseNoApis(config);
  // Begun before the rest: a document is read and parsed while the audit log is opened.
  const describing = describeApis(config);
  describing.catch(() => undefined);
  // Closed in the end, and where the start fails.
  const opened: { close(): Promise<void> }[] = [];
  // Known when the documents are; `runServer` reads it after `create`.
  const weakening: string[] = [];
  await runServer({
    ...run,
    config,
    recorded: shownConfig(config),
    weakening,
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

function refuseNoApis({ apis, fetchUrl }: HttpApiConfig): void {
  if (Object.keys(apis).length > 0 || fetchUrl !== undefined) return;
  throw new UsageError("Name an API to serve: --spec FILE, or apis in the configuration.");
}

async function printOperations(config: Config, { flags }: Start<Flags>): Promise<boolean> {
  if (!flags.printOperations) return false;
  refuseNoApis(config);
  const { operationsJson, operationsText } = await import("./print-operations.ts");
  await checkPages(config);
  const apis = await describeApis(config);
  if (flags.json) printJson(operationsJson(apis, config.fetchUrl));
  else print(operationsText(apis, config.fetchUrl));
  return true;
}

/** What a start would refuse is refused where a start is described. @throws {ConfigError} */
async function checkPages({ fetchUrl, egressProxy }: HttpApiConfig): Promise<void> {
  if (fetchUrl !== undefined) await openPages(fetchUrl, { egressProxy }).close();
}
