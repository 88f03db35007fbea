import { COMMON_VARIABLES, type Variables } from "@hardened-mcp/server/command-line";

/** Every environment variable of this server. */
export const VARIABLES: Variables = {
  ...COMMON_VARIABLES,
  HARDENED_MCP_ROOTS: ["roots", "paths"],
  HARDENED_MCP_DENY: ["deny", "list"],
  HARDENED_MCP_HARD_LINKS: ["hardLinks", "text"],
  HARDENED_MCP_MAX_READ_BYTES: ["maxReadBytes", "number"],
  HARDENED_MCP_MAX_SEARCH_FILE_BYTES: ["maxSearchFileBytes", "number"],
  HARDENED_MCP_AUDIT_PATHS: ["auditPaths", "text"],
};
