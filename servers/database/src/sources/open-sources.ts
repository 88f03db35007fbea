import { statSync } from "node:fs";
import { SqlError, type SqlSource } from "@hardened-mcp/safe-sql";
import { ConfigError } from "@hardened-mcp/server";
import { readSecretFile } from "@hardened-mcp/server/config";
import type { DatabaseConfig } from "../config/schema.ts";
import type { SourceConfig } from "../config/source-schema.ts";
import type { NamedSource } from "../context.ts";
import { postgresOptions } from "./postgres-options.ts";
import { startReason } from "./start-reason.ts";

/** Databases in use. */
export interface OpenedSources {
  readonly sources: ReadonlyMap<string, NamedSource>;
  close(): Promise<void>;
}

/**
 * Opens every source, checked against its rules; the engine of a kind is loaded only where one is configured.
 *
 * @throws {ConfigError} one cannot be served as configured; with exit code 69 where it is away
 */
export async function openSources(
  config: DatabaseConfig,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<OpenedSources> {
  const entries = Object.entries(config.sources);
  const opening = entries.map(async ([name, one]): Promise<NamedSource> => {
    const source = await openSource(name, one, config.allowWrite && one.writable, environment);
    return { name, description: one.description, source };
  });
  const settled = await Promise.allSettled(opening);
  const opened = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const close = async (): Promise<void> => {
    await Promise.allSettled(opened.map(({ source }) => source.close()));
  };
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  return { sources: new Map(opened.map((one) => [one.name, one])), close };
}

async function openSource(
  name: string,
  config: SourceConfig,
  writable: boolean,
  environment: NodeJS.ProcessEnv,
): Promise<SqlSource> {
  try {
    if (config.type === "postgres") {
      const { openPostgres } = await import("@hardened-mcp/safe-sql/postgres");
      return await openPostgres({ ...postgresOptions(name, config, environment), writable });
    }
    const { openSqlite } = await import("@hardened-mcp/safe-sql/sqlite");
    const { file, rules, limits, processes } = config;
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      throw new ConfigError(`sources.${name}: there is no file ${file}.`);
    }
    const key = (option: "maskKeyFile" | "cursorKeyFile"): Buffer | undefined => {
      const path = config[option];
      return path === undefined ? undefined : readSecretFile(path, `sources.${name}.${option}`);
    };
    const [maskKey, cursorKey] = [key("maskKeyFile"), key("cursorKeyFile")];
    return await openSqlite({
      file,
      writable,
      ...(rules === undefined ? {} : { rules }),
      ...(limits === undefined ? {} : { limits }),
      ...(processes === undefined ? {} : { processes }),
      ...(maskKey === undefined ? {} : { maskKey }),
      ...(cursorKey === undefined ? {} : { cursorKey }),
    });
  } catch (error) {
    throw await withReport(name, config, error);
  }
}

/** What a role may do too much, and the SQL that makes it right, are for the operator: nothing else helps them on. */
async function withReport(name: string, config: SourceConfig, error: unknown): Promise<unknown> {
  const plain = asConfigError(name, error);
  if (config.type !== "postgres" || !(plain instanceof ConfigError)) return plain;
  const { roleReportOf } = await import("@hardened-mcp/safe-sql/postgres");
  const report = roleReportOf(error);
  if (report === undefined) return plain;
  const findings = report.findings.map((finding) => `- ${finding}`).join("\n");
  return new ConfigError(`${plain.message}\n${findings}\nThis makes it right:\n\n${report.sql}`, { cause: error });
}

/** An error of a source as the operator is told it on standard error. The cause, which may name a host, stays out of the text. */
export function asConfigError(name: string, error: unknown): unknown {
  if (!(error instanceof SqlError)) return error;
  const reason = error.code === "unavailable" ? startReason(error) : undefined;
  const told = reason === undefined ? [error.message, error.hint] : ["The database cannot be opened.", reason];
  return new ConfigError(`sources.${name}: ${told.filter((one) => one !== undefined).join(" ")}`, {
    cause: error,
    ...(error.code === "unavailable" ? { exitCode: 69 as const } : {}),
  });
}
