export { type ConnectProxy, connectProxy } from "./connect-proxy.ts";
export { EVIL_MARK, type Evil, evil } from "./evil.ts";
export { type HttpUpstream, httpUpstream, json, type Reply } from "./http-upstream.ts";
export { type Listener, listen } from "./listener.ts";
export { BOMB_BYTES } from "./lying/compressed.ts";
export { lieOperation, lyingDocument } from "./lying/document.ts";
export { LIE_MARK, type Lie, type Outcome } from "./lying/lie.ts";
export { LIES, type LyingOptions, type LyingUpstream, lyingUpstream } from "./lying/lying-upstream.ts";
export { type Issued, OAUTH_CLIENT, type OAuthOptions, type OAuthServer, oauthServer } from "./oauth/oauth-server.ts";
export type { Exchanged } from "./oauth/token-exchange.ts";
export { CACHE_KINDS } from "./reference/cached.ts";
export {
  ERROR_CANARY,
  HIDDEN,
  HIDDEN_CHARACTERS,
  HTML,
  INJECTION,
  INTERNAL_CANARY,
  OUTSIDE_CANARY,
  STACK_TRACE,
} from "./reference/canaries.ts";
export { referenceDocument, toYaml } from "./reference/document.ts";
export { ITEMS, type Item } from "./reference/items.ts";
export type { Ledger } from "./reference/mishaps.ts";
export { type ReferenceApi, type ReferenceOptions, referenceApi } from "./reference/reference-api.ts";
export { STYLE_CASES, type StyleCase } from "./reference/styles.ts";
export { type SeenRequest, wholeText } from "./seen.ts";
export { type Slow, slow } from "./slow.ts";
