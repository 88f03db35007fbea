import { COMMON_VARIABLES, type Variables } from "@hardened-mcp/server/command-line";

/** Every environment variable of this server that sets a key. */
export const VARIABLES: Variables = {
  ...COMMON_VARIABLES,
  HARDENED_MCP_FREE_SQL: ["freeSql", "boolean"],
  HARDENED_MCP_AUDIT_SQL: ["auditSql", "text"],
};

/** Holds the URL of a source that is named `database`. Its value becomes no part of the configuration. */
export const URL_VARIABLE = "HARDENED_MCP_DATABASE_URL";
