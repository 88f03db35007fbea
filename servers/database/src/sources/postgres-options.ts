import { readFileSync } from "node:fs";
import type { PostgresOptions } from "@hardened-mcp/safe-sql/postgres";
import { ConfigError } from "@hardened-mcp/server";
import { readSecretFile, readSecretText, resolvePath } from "@hardened-mcp/server/config";
import type { SourceConfig } from "../config/source-schema.ts";

type PostgresConfig = Extract<SourceConfig, { type: "postgres" }>;

/** @throws {ConfigError} a file or variable that is missing, or a secret that others can read */
export function postgresOptions(
  name: string,
  config: PostgresConfig,
  environment: NodeJS.ProcessEnv,
): Omit<PostgresOptions, "writable"> {
  const { tls, rules, limits, schemas, poolSize, connectTimeoutMs, workMemMiB, cursorKeyFile } = config;
  return {
    url: urlOf(name, config, environment),
    ...(tls === undefined ? {} : { tls: tlsOptions(name, tls) }),
    ...(rules === undefined ? {} : { rules }),
    ...(limits === undefined ? {} : { limits }),
    ...(schemas === undefined ? {} : { schemas }),
    ...(poolSize === undefined ? {} : { poolSize }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(workMemMiB === undefined ? {} : { workMemMiB }),
    ...(cursorKeyFile === undefined
      ? {}
      : { cursorKey: readSecretFile(cursorKeyFile, `sources.${name}.cursorKeyFile`) }),
  };
}

function urlOf(name: string, config: PostgresConfig, environment: NodeJS.ProcessEnv): string {
  const { url, urlFile, urlVariable } = config;
  if (url !== undefined) return url;
  if (urlFile !== undefined) return readSecretText(urlFile, `sources.${name}.urlFile`);
  const value = urlVariable === undefined ? undefined : environment[urlVariable];
  if (value === undefined || value === "") {
    throw new ConfigError(`sources.${name}: the environment variable ${urlVariable} is not set.`);
  }
  return value;
}

function tlsOptions(name: string, tls: NonNullable<PostgresConfig["tls"]>): NonNullable<PostgresOptions["tls"]> {
  const { caFile, certFile, keyFile, serverName } = tls;
  const at = `sources.${name}.tls`;
  return {
    ...(caFile === undefined ? {} : { ca: readPem(caFile, `${at}.caFile`) }),
    ...(certFile === undefined ? {} : { cert: readPem(certFile, `${at}.certFile`) }),
    ...(keyFile === undefined ? {} : { key: readSecretText(keyFile, `${at}.keyFile`) }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

function readPem(file: string, what: string): string {
  const full = resolvePath(file);
  try {
    return readFileSync(full, "utf8");
  } catch (error) {
    throw new ConfigError(`${what}: ${full} cannot be read.`, { cause: error });
  }
}
