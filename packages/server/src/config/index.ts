export { type AuditConfig, auditConfig } from "./audit-schema.ts";
export { commonKeys, limitsConfig, redactOptions } from "./common-schema.ts";
export { explainIssues } from "./explain.ts";
export { auditSecretFiles, openAudit } from "./open-audit.ts";
export { openShipping } from "./open-shipping.ts";
export { type ProjectConfig, projectConfig } from "./project-config.ts";
export {
  type AuthConfig,
  authConfig,
  type LocalConfig,
  localConfig,
  policyConfig,
  policyTimeZoneConfig,
  type StateConfig,
  stateConfig,
  stepUpConfig,
  type TlsConfig,
  tlsConfig,
  trustedProxiesConfig,
} from "./schema.ts";
export { readSecretFile, readSecretText, resolvePath } from "./secret-file.ts";
export { namesSecurity, type SecurityConfig, type SecurityContext } from "./security.ts";
export { refuseUnsafeHttp } from "./unsafe-http.ts";
