import { randomUUID } from "node:crypto";
import type {
  DpopSession,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import {
  type Person,
  REDIRECT_URI,
  TEST_CLIENTS,
  type UserAgent,
} from "../../../../../test/support/authorization-server/index.ts";

export interface BrowserProviderOptions {
  readonly issuer: string;
  readonly browser: UserAgent;
  readonly person: Person;
  /**
   * A client the authorization server knows, `dynamic` for one that registers itself, or the URL of a metadata document.
   * Default `app`.
   */
  readonly registering?: "app" | "appMtls" | "dynamic" | URL;
  /** Asks for a refresh token, where the authorization server offers one. */
  readonly refreshing?: boolean;
  /** Binds its tokens to a key (RFC 9449). */
  readonly dpop: DpopSession | undefined;
}

/** What the SDK's client asks of its host: where to keep things, and a browser to send the user to. */
export interface BrowserProvider {
  readonly provider: OAuthClientProvider;
  /** Authorization requests the browser was opened with, oldest first. */
  readonly authorizations: readonly URLSearchParams[];
  tokens(): StoredOAuthTokens | undefined;
  /** What came back from the last authorization request, once; its `state` is checked, as the SDK leaves that to the host. */
  takeCallback(): URLSearchParams;
}

/** Keeps everything in memory, for one client that does one thing at a time: it holds one verifier and one state. */
export function createBrowserProvider(options: BrowserProviderOptions): BrowserProvider {
  const { issuer, browser, person, registering = "app", refreshing = false, dpop } = options;
  const authorizations: URLSearchParams[] = [];
  let registration: StoredOAuthClientInformation | undefined =
    registering instanceof URL || registering === "dynamic"
      ? undefined
      : { client_id: TEST_CLIENTS[registering].client_id, issuer };
  let tokens: StoredOAuthTokens | undefined;
  let discovery: OAuthDiscoveryState | undefined;
  let verifier = "";
  let state = "";
  let callback: URLSearchParams | undefined;

  const provider: OAuthClientProvider = {
    redirectUrl: REDIRECT_URI,
    clientMetadata: {
      client_name: "test client",
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: "none",
      grant_types: refreshing ? ["authorization_code", "refresh_token"] : ["authorization_code"],
    },
    ...(registering instanceof URL ? { clientMetadataUrl: registering.href } : {}),
    ...(dpop === undefined ? {} : { dpop: () => dpop }),
    state() {
      state = randomUUID();
      return state;
    },
    clientInformation: () => registration,
    saveClientInformation(saved) {
      registration = saved;
    },
    tokens: () => tokens,
    saveTokens(saved) {
      tokens = saved;
    },
    codeVerifier: () => verifier,
    saveCodeVerifier(saved) {
      verifier = saved;
    },
    discoveryState: () => discovery,
    saveDiscoveryState(saved) {
      discovery = saved;
    },
    invalidateCredentials(scope) {
      if (scope === "all" || scope === "tokens") tokens = undefined;
      if (scope === "all" || scope === "client") registration = undefined;
    },
    async redirectToAuthorization(url) {
      authorizations.push(url.searchParams);
      callback = (await browser.visit(url, person)).searchParams;
    },
  };
  return {
    provider,
    authorizations,
    tokens: () => tokens,
    takeCallback() {
      const taken = callback;
      callback = undefined;
      if (taken === undefined) throw new Error("The client demands authorization but opened no browser.");
      if (taken.get("state") !== state) throw new Error("The code came back with the state of another request.");
      return taken;
    },
  };
}
