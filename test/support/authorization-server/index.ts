export { createDpopKey, type DpopKey, dpopProof, type ProofOptions } from "./dpop.ts";
export { httpsFetch } from "./https-fetch.ts";
export type { Page } from "./interactions.ts";
export { REDIRECT_URI, type ResourceOptions, TEST_CLIENTS, TEST_USERS, type TestUser } from "./registry.ts";
export {
  type AuthorizationServerOptions,
  startAuthorizationServer,
  type TestAuthorizationServer,
} from "./start.ts";
export type { TokenOptions, UserTokenOptions } from "./tokens.ts";
export { createUserAgent, type Person, type UserAgent } from "./user-agent.ts";
