import { randomBytes } from "node:crypto";
import { TLSSocket } from "node:tls";
import type { JWK } from "jose";
import { type Configuration, errors } from "oidc-provider";
import { INTERACTION_PATH } from "./interactions.ts";
import { createMemoryAdapter } from "./memory-adapter.ts";
import { type ResourceOptions, TEST_CLIENTS, TEST_USERS } from "./registry.ts";

const HOUR_S = 3600;

/** What the provider is told. Every lifetime is in seconds. */
export function toConfiguration(
  signingKey: JWK,
  resources: ReadonlyMap<string, ResourceOptions>,
  fetch: typeof globalThis.fetch,
): Configuration {
  return {
    adapter: createMemoryAdapter(),
    jwks: { keys: [signingKey] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    clients: Object.values(TEST_CLIENTS).map((client) => ({ ...client })),
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `${INTERACTION_PATH}${uid}` },
    findAccount: (_, accountId) =>
      Object.hasOwn(TEST_USERS, accountId) ? { accountId, claims: () => ({ sub: accountId }) } : undefined,
    extraTokenClaims: (_, token) => (token.kind === "AccessToken" ? { ...TEST_USERS[token.accountId] } : undefined),
    extraClientMetadata: {
      properties: ["software_id"],
      // RFC 7591, section 3.2.1: what is registered may differ from what was asked. A client that registers for the scopes
      // of its first challenge could never step up otherwise, and this server learns of resources while it runs.
      validator: (_ctx, _key, _value, metadata) => {
        delete metadata.scope;
      },
    },
    ttl: {
      AccessToken: (_, token) => token.resourceServer?.accessTokenTTL ?? 600,
      ClientCredentials: (_, token) => token.resourceServer?.accessTokenTTL ?? 600,
      Grant: HOUR_S,
      IdToken: HOUR_S,
      Interaction: HOUR_S,
      RefreshToken: HOUR_S,
      Session: HOUR_S,
    },
    fetch,
    renderError(ctx, error) {
      ctx.type = "json";
      ctx.body = JSON.stringify(error);
    },
    features: {
      clientCredentials: { enabled: true },
      clientIdMetadataDocument: { enabled: true, ack: "draft-02" },
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_, { clientId }) => clientId === TEST_CLIENTS.resourceServer.client_id,
      },
      // Bound to whatever certificate was shown: who signed it is not what the binding proves (RFC 8705, section 3).
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        getCertificate: ({ socket }) => (socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined),
      },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_, resource) {
          const known = resources.get(resource);
          if (known === undefined) throw new errors.InvalidTarget();
          return {
            audience: resource,
            scope: known.scopes.join(" "),
            accessTokenFormat: known.format ?? "jwt",
            accessTokenTTL: known.ttlSeconds ?? 600,
            jwt: { sign: { alg: "ES256" } },
          };
        },
      },
      revocation: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
  };
}
