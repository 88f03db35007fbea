import { type Caller, SqlError } from "@hardened-mcp/safe-sql";
import { ConfigError } from "@hardened-mcp/server";
import type { QueryConfig } from "../config/query-schema.ts";
import type { DatabaseConfig } from "../config/schema.ts";
import type { NamedSource } from "../context.ts";
import { TOOL_NAMES } from "../tools/names.ts";
import { faultIn, sampleParams } from "../tools/saved-params.ts";

/** A saved query that its database understands, with what the database says it does. */
export interface CheckedQuery {
  readonly name: string;
  readonly source: string;
  readonly config: QueryConfig;
  readonly effect: "read" | "write" | "destroy";
}

/**
 * Has each saved query compiled by its database: a broken one is found when the server starts, not when it is called. Those that
 * change data are left out unless writing is switched on.
 *
 * @throws {ConfigError} the database does not take it as configured, or its name is taken
 */
export async function checkQueries(
  config: Pick<DatabaseConfig, "queries" | "sources" | "allowWrite">,
  sources: ReadonlyMap<string, NamedSource>,
): Promise<readonly CheckedQuery[]> {
  const checked: CheckedQuery[] = [];
  for (const [name, query] of Object.entries(config.queries)) {
    if (TOOL_NAMES.includes(name)) throw new ConfigError(`queries.${name}: a tool of this server has that name.`);
    const fault = faultIn(query);
    if (fault !== undefined) throw new ConfigError(`queries.${name}.${fault}`);
    if (query.changes && !config.allowWrite) continue;
    const source = query.source ?? Object.keys(config.sources)[0] ?? "";
    const named = sources.get(source);
    if (named === undefined) throw new ConfigError(`queries.${name}: there is no source "${source}".`);
    const effect = await effectOf(name, query, named, everyRole(config.sources[source]));
    checked.push({ name, source, config: query, effect });
  }
  return checked;
}

async function effectOf(
  name: string,
  query: QueryConfig,
  { source, name: sourceName }: NamedSource,
  caller: Caller,
): Promise<CheckedQuery["effect"]> {
  const statement = { sql: query.sql, params: sampleParams(query), caller };
  if (query.changes && !source.writable) {
    throw new ConfigError(`queries.${name} changes data, and the source ${sourceName} is not writable.`);
  }
  try {
    if (query.changes) return (await source.forecast(statement)).effect;
    await source.explain(statement);
    return "read";
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const hint = error.hint === undefined ? "" : ` ${error.hint}`;
    const advice =
      error.code === "not_a_read" ? ' If it is meant to change data, add "changes": true and pass --allow-write.' : "";
    throw new ConfigError(`queries.${name}: ${error.message}${hint}${advice}`, {
      cause: error,
      ...(error.code === "unavailable" ? { exitCode: 69 as const } : {}),
    });
  }
}

/** Roles only ever lift what rules hold back, so whoever has all of them can compile whatever anybody can. */
function everyRole(source: DatabaseConfig["sources"][string] | undefined): Caller {
  const roles = new Set<string>();
  const collect = (value: unknown, key = ""): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, child] of Object.entries(value)) {
      if (Array.isArray(value) && (key === "roles" || key === "exceptRoles")) roles.add(String(child));
      else collect(child, name);
    }
  };
  collect(source?.rules);
  return { roles: [...roles], subject: "start" };
}
