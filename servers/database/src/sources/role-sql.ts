import { postgresRoleSql } from "@hardened-mcp/safe-sql/postgres";
import { nearest } from "@hardened-mcp/server";
import { UsageError } from "@hardened-mcp/server/command-line";
import type { DatabaseConfig } from "../config/schema.ts";
import { asConfigError } from "./open-sources.ts";
import { postgresOptions } from "./postgres-options.ts";

/**
 * The SQL that makes the role of a PostgreSQL source what the rules say.
 *
 * @param source its name, or `true` for the only one
 * @throws {UsageError} no such source. {ConfigError} it cannot be asked
 */
export async function roleSqlOf(
  config: DatabaseConfig,
  source: string | true,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const { name, one } = choose(config, source);
  const writable = config.allowWrite && one.writable;
  try {
    return await postgresRoleSql({ ...postgresOptions(name, one, environment), writable });
  } catch (error) {
    throw asConfigError(name, error);
  }
}

function choose({ sources }: DatabaseConfig, source: string | true) {
  const found = Object.entries(sources).flatMap(([name, one]) => (one.type === "postgres" ? [{ name, one }] : []));
  const names = found.map(({ name }) => name);
  const [only] = found;
  if (source === true) {
    if (only !== undefined && found.length === 1) return only;
    throw new UsageError(
      `--print-role-sql needs the name of a PostgreSQL source.${names.length === 0 ? " There is none." : ` There are: ${names.join(", ")}.`}`,
    );
  }
  const named = found.find(({ name }) => name === source);
  if (named !== undefined) return named;
  const near = nearest(source, names);
  throw new UsageError(
    `There is no PostgreSQL source "${source}".${near === undefined ? "" : ` Did you mean "${near}"?`}`,
  );
}
