import type { SqlSource } from "@hardened-mcp/safe-sql";
import type { DatabaseConfig } from "./config/schema.ts";

/** A database under the name that clients, policies and records know it by. */
export interface NamedSource {
  readonly name: string;
  readonly description: string | undefined;
  readonly source: SqlSource;
}

/** What every tool of this server works on. */
export interface DatabaseContext {
  /** At least one; in the order of the configuration. */
  readonly sources: ReadonlyMap<string, NamedSource>;
  /** What audit records show of a statement. */
  readonly auditSql: DatabaseConfig["auditSql"];
  /** Whether what leaves is wrapped in a mark, which is then no JSON any more. */
  readonly markUntrusted: boolean;
  /** Price of a call that looks through whole schemas. */
  readonly walkCost: number;
}

/** What tells of a database, and reads it. */
export const READ_SCOPE = "database:read";
/** What changes it. */
export const WRITE_SCOPE = "database:write";
