import { SqlError } from "../../errors.ts";

/** Why a role was refused, and what to do. For the operator: it names roles, schemas and tables, and is never shown to a client. */
export interface RoleReport {
  /** One sentence each. */
  readonly findings: readonly string[];
  /** SQL that makes it right, for a superuser to read and run in this database. It holds no password. */
  readonly sql: string;
}

/** What an `unsafe_role` error of this package says to the operator. */
export function roleReportOf(error: unknown): RoleReport | undefined {
  if (!(error instanceof SqlError) || error.code !== "unsafe_role") return undefined;
  const report = error.cause as Partial<RoleReport> | undefined;
  return Array.isArray(report?.findings) && typeof report.sql === "string" ? (report as RoleReport) : undefined;
}
