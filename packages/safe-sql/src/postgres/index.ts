export { openPostgres } from "./open.ts";
export type { PostgresOptions } from "./options.ts";
export { postgresRoleSql } from "./role/print.ts";
export { type RoleReport, roleReportOf } from "./role/report.ts";
