import { delimiter } from "node:path";
import { ConfigError } from "../errors/config-error.ts";
import { nearest } from "../errors/nearest.ts";

/** How a variable is written. A list is separated by commas, paths as in PATH. */
type Kind = "text" | "number" | "boolean" | "list" | "paths";

/** Environment variables by name, with the key that each sets. */
export type Variables = Readonly<Record<string, readonly [key: string, kind: Kind]>>;

/** The variables that are the same for every server. */
export const COMMON_VARIABLES: Variables = {
  HARDENED_MCP_LIMITS_DEADLINE_MS: ["limits.deadlineMs", "number"],
  HARDENED_MCP_LIMITS_CALLS_PER_MINUTE: ["limits.callsPerMinute", "number"],
  HARDENED_MCP_LIMITS_MAX_RESULT_BYTES: ["limits.maxResultBytes", "number"],
  HARDENED_MCP_LIMITS_CONCURRENCY: ["limits.concurrency", "number"],
  HARDENED_MCP_LIMITS_COST_PER_DAY: ["limits.costPerDay", "number"],
  HARDENED_MCP_REDACT_SECRETS: ["redact.secrets", "boolean"],
  HARDENED_MCP_REDACT_PERSONAL: ["redact.personal", "list"],
  HARDENED_MCP_REDACT_HIDDEN: ["redact.hidden", "text"],
  HARDENED_MCP_MARK_UNTRUSTED: ["markUntrusted", "boolean"],
  HARDENED_MCP_HTTP_HOST: ["http.host", "text"],
  HARDENED_MCP_HTTP_PORT: ["http.port", "number"],
  HARDENED_MCP_HTTP_ALLOWED_HOSTS: ["http.allowedHosts", "list"],
  HARDENED_MCP_HTTP_ALLOWED_ORIGINS: ["http.allowedOrigins", "list"],
  HARDENED_MCP_HTTP_MONITOR_PORT: ["http.monitorPort", "number"],
  HARDENED_MCP_HTTP_TRUSTED_PROXIES: ["http.trustedProxies", "list"],
  HARDENED_MCP_HTTP_TLS_CERT_FILE: ["http.tls.certFile", "text"],
  HARDENED_MCP_HTTP_TLS_KEY_FILE: ["http.tls.keyFile", "text"],
  HARDENED_MCP_HTTP_TLS_CLIENT_CA_FILE: ["http.tls.clientCaFile", "text"],
  HARDENED_MCP_HTTP_TLS_CLIENT_CERTIFICATES: ["http.tls.clientCertificates", "text"],
  HARDENED_MCP_POLICY: ["policy", "text"],
  HARDENED_MCP_POLICY_TIME_ZONE: ["policyTimeZone", "text"],
  HARDENED_MCP_STEP_UP: ["stepUp", "list"],
  HARDENED_MCP_LOCAL_SCOPES: ["local.scopes", "list"],
  HARDENED_MCP_LOCAL_ROLES: ["local.roles", "list"],
  HARDENED_MCP_LOCAL_TENANT: ["local.tenant", "text"],
  HARDENED_MCP_TOOLS_LOCK: ["toolsLock", "text"],
  HARDENED_MCP_STATE_URL: ["state.url", "text"],
  HARDENED_MCP_STATE_URL_FILE: ["state.urlFile", "text"],
  HARDENED_MCP_STATE_KEY_FILE: ["state.keyFile", "text"],
  HARDENED_MCP_STATE_EXPECTED_REPLICAS: ["state.expectedReplicas", "number"],
  HARDENED_MCP_STATE_NAMESPACE: ["state.namespace", "text"],
  HARDENED_MCP_STATE_TIMEOUT_MS: ["state.timeoutMs", "number"],
  HARDENED_MCP_AUDIT_DIR: ["auditDir", "text"],
  HARDENED_MCP_AUDIT_SIGNER_KEY_FILE: ["audit.signer.keyFile", "text"],
  HARDENED_MCP_AUDIT_KEEP_SEGMENTS: ["audit.keepSegments", "number"],
  HARDENED_MCP_AUDIT_KEEP_BYTES: ["audit.keepBytes", "number"],
  HARDENED_MCP_AUDIT_KEEP_MS: ["audit.keepMs", "number"],
};

/** Names the file of the configuration rather than a key of it. */
export const CONFIG_VARIABLE = "HARDENED_MCP_CONFIG";
const PREFIX = "HARDENED_MCP_";

/**
 * The keys that the environment sets, as `key.path` to value; values are still to be checked by the schema.
 *
 * @param besides variables that are known and set no key
 * @throws {ConfigError} a `HARDENED_MCP_` variable that is not known: a typo must not leave a protection unset
 */
export function readEnvironment(
  environment: NodeJS.ProcessEnv,
  variables: Variables,
  besides: readonly string[] = [],
): ReadonlyMap<string, unknown> {
  const others = [CONFIG_VARIABLE, ...besides];
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || others.includes(name) || value === undefined) continue;
    const known = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (known === undefined) {
      throw new ConfigError(
        `Unknown environment variable ${name}.${hint(name, [...Object.keys(variables), ...others])}`,
      );
    }
    found.set(known[0], parse(value, known[1]));
  }
  return found;
}

/** What cannot be parsed stays text, which the schema refuses in its own words. */
function parse(value: string, kind: Kind): unknown {
  switch (kind) {
    case "text":
      return value;
    case "number":
      return /^\d+$/.test(value) ? Number(value) : value;
    case "boolean":
      return value === "true" || value === "1" ? true : value === "false" || value === "0" ? false : value;
    case "list":
    case "paths":
      return value
        .split(kind === "paths" ? delimiter : ",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
  }
}

function hint(name: string, known: readonly string[]): string {
  const near = nearest(
    name.slice(PREFIX.length),
    known.map((one) => one.slice(PREFIX.length)),
  );
  return near === undefined ? "" : ` Did you mean ${PREFIX}${near}?`;
}
