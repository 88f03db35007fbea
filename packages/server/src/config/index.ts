export { explainIssues } from "./explain.ts";
export { openSecurity, type Security } from "./open-security.ts";
export {
  type AuthConfig,
  authConfig,
  type LocalConfig,
  localConfig,
  policyConfig,
  type StateConfig,
  stateConfig,
  stepUpConfig,
  type TlsConfig,
  tlsConfig,
  trustedProxiesConfig,
} from "./schema.ts";
export { readSecretFile, readSecretText, resolvePath } from "./secret-file.ts";
export { secretFiles } from "./secret-files.ts";
export type { SecurityConfig, SecurityContext } from "./security.ts";
export { refuseUnsafeHttp } from "./unsafe-http.ts";
