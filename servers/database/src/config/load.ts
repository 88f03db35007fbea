import { ConfigError, nearest } from "@hardened-mcp/server";
import { loadConfig as loadFrom } from "@hardened-mcp/server/command-line";
import { resolvePath } from "@hardened-mcp/server/config";
import { URL_VARIABLE, VARIABLES } from "./environment.ts";
import type { Flags } from "./flags.ts";
import { refuseSameNames, sourceOfWord, type WordSource } from "./named-word.ts";
import { configSchema, type DatabaseConfig } from "./schema.ts";
import type { SourceConfig } from "./source-schema.ts";

/**
 * The effective configuration. Sources of the command line and of {@link URL_VARIABLE} are added to those of the file.
 *
 * @throws {ConfigError} as the shared `loadConfig`; a name twice; a saved query that asks no source
 * @throws {UsageError} a password on the command line
 */
export function loadConfig(flags: Flags, environment: NodeJS.ProcessEnv): DatabaseConfig {
  const isInEnvironment = environment[URL_VARIABLE] !== undefined;
  const words = [...flags.sources.map(sourceOfWord), ...(isInEnvironment ? [FROM_ENVIRONMENT] : [])];
  const config = loadFrom({
    schema: configSchema,
    flags,
    fromFlags: (draft) => fromFlags(flags, words, draft["sources"]),
    environment,
    variables: VARIABLES,
    ownVariables: [URL_VARIABLE],
    flagOnly: { allowWrite: "--allow-write" },
  });
  const sources = Object.entries(config.sources).map(([name, source]) => [name, withAbsolutePath(source)] as const);
  for (const [name, source] of sources) refuseUnclearUrl(name, source);
  for (const [name, { source }] of Object.entries(config.queries)) {
    refuseUnknownSource(name, source, Object.keys(config.sources));
  }
  return { ...config, sources: Object.fromEntries(sources) };
}

const FROM_ENVIRONMENT: WordSource = { name: "database", config: { type: "postgres", urlVariable: URL_VARIABLE } };

function* fromFlags(
  flags: Flags,
  words: readonly WordSource[],
  configured: unknown,
): Generator<readonly [key: string, value: unknown]> {
  refuseSameNames(words, typeof configured === "object" && configured !== null ? Object.keys(configured) : []);
  for (const { name, config } of words) yield [`sources.${name}`, config];
  if (flags.allowWrite) yield ["allowWrite", true];
}

function refuseUnclearUrl(name: string, source: SourceConfig): void {
  if (source.type !== "postgres") return;
  const { url, urlFile, urlVariable } = source;
  if ([url, urlFile, urlVariable].filter((one) => one !== undefined).length !== 1) {
    throw new ConfigError(`sources.${name} needs one of url, urlFile and urlVariable.`);
  }
  const parsed = URL.parse(url ?? "");
  if (parsed !== null && (parsed.password !== "" || parsed.searchParams.has("password"))) {
    throw new ConfigError(
      `sources.${name}.url holds a password, where copies of the configuration show it. Put the URL in a file of mode 600 and name it in urlFile.`,
    );
  }
}

function refuseUnknownSource(query: string, source: string | undefined, known: readonly string[]): void {
  if (source === undefined && known.length !== 1) {
    throw new ConfigError(`queries.${query} needs a "source": there is more than one, or none.`);
  }
  if (source === undefined || known.includes(source)) return;
  const near = nearest(source, known);
  throw new ConfigError(
    `queries.${query}: there is no source "${source}".${near === undefined ? "" : ` Did you mean "${near}"?`}`,
  );
}

function withAbsolutePath(source: SourceConfig): SourceConfig {
  return source.type === "sqlite" ? { ...source, file: resolvePath(source.file) } : source;
}

/**
 * The configuration for the audit log, where it is kept for long and shown to others than the operator: a saved query is a statement
 * like any other. That one has changed shows in the definition of its tool, which is recorded beside it.
 */
export function recordedConfig<Config extends DatabaseConfig>(config: Config): Config {
  const shown = shownConfig(config);
  if (config.auditSql === "plain") return shown;
  const queries = Object.entries(config.queries).map(([name, query]) => [name, { ...query, sql: "(masked)" }]);
  return { ...shown, queries: Object.fromEntries(queries) };
}

/** The configuration as it may be shown: a URL names hosts and roles. */
export function shownConfig<Config extends DatabaseConfig>(config: Config): Config {
  const sources = Object.entries(config.sources).map(([name, source]) => [
    name,
    source.type === "postgres" && source.url !== undefined ? { ...source, url: "(masked)" } : source,
  ]);
  return { ...config, sources: Object.fromEntries(sources) };
}
