export { ALGORITHMS, type Algorithm } from "./algorithms.ts";
export { type ApiKeyEntry, createApiKey, type NewApiKey } from "./api-key/create-api-key.ts";
export { AuthConfigError } from "./auth-config-error.ts";
export {
  type Authenticated,
  type AuthenticationFailure,
  type Authenticator,
  type ChallengeScopes,
  isFailure,
  type ProtectedResourceMetadata,
} from "./authenticator.ts";
export type { ClaimPath, ClaimsMapping } from "./claims/mapping.ts";
export { createAuthenticator } from "./create-authenticator.ts";
export { AUTH_DEFAULTS } from "./defaults.ts";
export type { Trouble } from "./keys/trouble.ts";
export type { AuthenticatorOptions, Demand, IntrospectionOptions, IssuerOptions } from "./options.ts";
export {
  ASSURANCES,
  type Assurance,
  type LocalPrincipalOptions,
  localPrincipal,
  loopbackPrincipal,
  type Principal,
  principalKey,
} from "./principal.ts";
export type { Revocation, RevocationTarget } from "./revocation/revocation.ts";
export {
  createRevocations,
  type Revocations,
  type RevocationsOptions,
  type RevokeRequest,
} from "./revocation/revocations.ts";
export type { TokenCacheOptions } from "./token/token-cache.ts";
export type { TokenErrorCode } from "./token-error.ts";
