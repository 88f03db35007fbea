import { COMMON_VARIABLES, type Variables } from "@hardened-mcp/server/command-line";

/** Every environment variable of this server that sets a key. None holds a secret: those are files or commands. */
export const VARIABLES: Variables = {
  ...COMMON_VARIABLES,
  HARDENED_MCP_SPEC: ["apis.api.spec", "text"],
  HARDENED_MCP_BASE_URL: ["apis.api.baseUrl", "text"],
  HARDENED_MCP_AUDIT_ARGUMENTS: ["auditArguments", "text"],
};
