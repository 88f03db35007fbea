import { openConnection } from "../connect/connection.ts";
import { loadParser } from "../gate/ast.ts";
import type { PostgresOptions } from "../options.ts";
import { validateRules } from "../rules/validate.ts";
import { createVariants } from "../rules/variants.ts";
import { settingsOf } from "../settings.ts";
import { sqlErrorOf } from "../wire/sqlstate.ts";
import { type RoleCheck, roleSqlOf } from "./check.ts";
import { loadRoleFacts } from "./facts.ts";
import { type RolePlan, VIEW_OWNER } from "./plan.ts";

/**
 * SQL that makes the role of the URL right for these options, whatever it is now; for an operator to read and run. It holds no
 * password. Any role that can connect will do to ask: only the catalogue is read.
 *
 * @throws {SqlError} `invalid_option`, `unavailable`
 */
export async function postgresRoleSql(options: PostgresOptions): Promise<string> {
  await loadParser();
  const settings = settingsOf(options);
  const { target, rules, schemas, limits, connectTimeoutMs } = settings;
  const variants = createVariants(rules, schemas, limits.timeoutMs);
  const names = variants.plan.variants.flatMap(({ name }) => (name === undefined ? [] : [name]));
  try {
    const connection = await openConnection(target, connectTimeoutMs);
    try {
      const catalog = await variants.load(connection);
      validateRules(rules, catalog, schemas);
      const facts = await loadRoleFacts(connection, target.user, names, VIEW_OWNER, limits.timeoutMs);
      return roleSqlOf(facts, { ...roleCheckOf(settings, variants.plan), catalog });
    } finally {
      connection.destroy();
    }
  } catch (error) {
    throw sqlErrorOf(error);
  }
}

/** What a role is checked against. */
export function roleCheckOf(
  { target, schemas, writable, poolSize, limits }: ReturnType<typeof settingsOf>,
  plan: RolePlan,
): Omit<RoleCheck, "catalog"> {
  return {
    role: target.user,
    database: target.database,
    schemas,
    plan,
    writable,
    poolSize,
    maxTempBytes: limits.maxTempBytes,
  };
}
