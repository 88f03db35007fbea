import { SqlError } from "../../errors.ts";
import { isTree, parseOne, single } from "../gate/ast.ts";

const IDENTITY = /\bidentity\s*\(\s*'(subject|tenant|issuer)'\s*\)/gi;

/**
 * The condition of a rule in SQL: `identity('tenant')` becomes what each transaction sets for its caller.
 *
 * @throws {SqlError} `invalid_option` where it is not one expression, or asks for another identity
 */
export function filterSql(table: string, where: string): string {
  const hint = `rules: the filter of ${table} is not one condition`;
  try {
    const { kind, tree } = parseOne(`select (\n${where}\n)`);
    const targets = tree["targetList"];
    // A text that closes the parenthesis and goes on would leave more behind than one expression.
    const isAlone = Object.keys(tree).every((field) => ["targetList", "limitOption", "op"].includes(field));
    const [target] = Array.isArray(targets) && targets.length === 1 ? targets : [];
    if (kind !== "SelectStmt" || !isAlone || !isTree(target) || single(target)[1]["name"] !== undefined)
      throw new SqlError("invalid_option");
  } catch (cause) {
    throw new SqlError("invalid_option", { hint, cause });
  }
  const sql = where.replace(
    IDENTITY,
    (_, name: string) => `nullif(pg_catalog.current_setting('hardened_mcp.${name.toLowerCase()}', true), '')`,
  );
  if (/\bidentity\s*\(/i.test(sql))
    throw new SqlError("invalid_option", {
      hint: `rules: the filter of ${table} asks for an identity that is none of subject, tenant, issuer`,
    });
  return sql;
}
