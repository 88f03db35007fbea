import { SqlError } from "../../errors.ts";
import type { Connection } from "../connect/connection.ts";
import { loadRoleFacts, type RoleFacts } from "./facts.ts";
import { excessTables, findingsOf } from "./findings.ts";
import { lackingRights } from "./lacking.ts";
import { VIEW_OWNER } from "./plan.ts";
import type { RoleReport } from "./report.ts";
import { type RoleSqlInput, roleSql } from "./sql.ts";

export type RoleCheck = Omit<RoleSqlInput, "revokedFunctions" | "revokedTables">;

/**
 * Compares what the role may do with what the rules say. @throws {SqlError} `unsafe_role`, whose `cause` is a {@link RoleReport}
 */
export async function checkRole(connection: Connection, input: RoleCheck, timeoutMs: number): Promise<void> {
  const variants = input.plan.variants.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const facts = await loadRoleFacts(connection, input.role, variants, VIEW_OWNER, timeoutMs);
  const findings = [...findingsOf(facts, input), ...(await lackingRights(connection, input, timeoutMs))];
  if (findings.length === 0) return;
  const report: RoleReport = { findings, sql: roleSqlOf(facts, input) };
  throw new SqlError("unsafe_role", { cause: report });
}

/** The SQL that makes the role right, for what it is now. */
export function roleSqlOf(facts: RoleFacts, input: RoleCheck): string {
  return roleSql({
    ...input,
    revokedFunctions: unique(facts.functions.map(([, signature]) => signature)),
    revokedTables: unique(excessTables(facts, input)),
  });
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}
