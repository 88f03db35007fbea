export {
  type Authenticated,
  type AuthenticationFailure,
  type Authenticator,
  type ChallengeScopes,
  isFailure,
  type ProtectedResourceMetadata,
} from "./authenticator.ts";
export {
  ASSURANCES,
  type Assurance,
  type LocalPrincipalOptions,
  localPrincipal,
  loopbackPrincipal,
  type Principal,
  principalKey,
} from "./principal.ts";
