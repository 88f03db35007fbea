import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { type ClientMetadata, Provider } from "oidc-provider";
import { type Listener, listen } from "../listener.ts";
import { EXCHANGE_GRANT, type Exchanged, registerTokenExchange } from "./token-exchange.ts";

export const OAUTH_CLIENT = { id: "http-api-server", secret: "canary-client-secret-0123456789abcdef" } as const;

export interface OAuthOptions {
  readonly host?: string;
  /** Default `opaque`. */
  readonly format?: "jwt" | "opaque";
  /** Life of an access token in seconds. Default 600. */
  readonly ttlSeconds?: number;
  /** The scopes there are. Default `read write`. */
  readonly scopes?: string;
  /** How the client proves itself. Default `client_secret_basic`. */
  readonly authentication?: "client_secret_basic" | "client_secret_post";
  /** Who a subject token speaks for. Default: the `sub` of a token of {@link OAuthServer.subjectToken}. */
  readonly verifySubject?: (token: string) => Promise<string>;
}

/** An access token that was handed out. */
export interface Issued {
  readonly token: string;
  readonly grant: "client_credentials" | "token_exchange";
}

export interface OAuthServer extends Listener {
  readonly tokenUrl: string;
  readonly client: typeof OAUTH_CLIENT;
  /** The resource that tokens are for, unless a request names another. */
  readonly resource: string;
  /** Every token request, its form decoded, oldest first. */
  readonly tokenRequests: readonly Readonly<Record<string, string>>[];
  /** Every access token that left, oldest first. */
  readonly issued: readonly Issued[];
  readonly exchanged: readonly Exchanged[];
  /** A token of a caller, as this server's resource would be shown it. */
  subjectToken(subject: string): Promise<string>;
  /** Whether a token is good now, and whose it is. */
  introspect(
    token: string,
  ): Promise<{ readonly active: boolean; readonly sub?: string; readonly scope?: string; readonly client_id?: string }>;
  /** While set, token requests are answered by this and not by the provider. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

/** A real authorization server, over plain HTTP on loopback, with client credentials and token exchange (RFC 8693). */
export async function oauthServer(options: OAuthOptions = {}): Promise<OAuthServer> {
  const {
    host,
    format = "opaque",
    ttlSeconds = 600,
    scopes = "read write",
    authentication = "client_secret_basic",
  } = options;
  const resource = "urn:api:reference";
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const tokenRequests: Record<string, string>[] = [];
  const issued: Issued[] = [];
  const http = createServer();
  const listener = await listen(http, host);
  const issuer = listener.origin;

  const client: ClientMetadata = {
    client_id: OAUTH_CLIENT.id,
    client_secret: OAUTH_CLIENT.secret,
    token_endpoint_auth_method: authentication,
    grant_types: ["client_credentials", EXCHANGE_GRANT],
    response_types: [],
    redirect_uris: [],
    scope: scopes,
  };
  const provider = new Provider(issuer, {
    clients: [client],
    scopes: scopes.split(" "),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: "k" }] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    ttl: { AccessToken: ttlSeconds, ClientCredentials: ttlSeconds },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        getResourceServerInfo: (_, asked) => ({
          audience: asked,
          scope: scopes,
          accessTokenFormat: format,
          accessTokenTTL: ttlSeconds,
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  });
  const verifySubject =
    options.verifySubject ??
    (async (token) => (await jwtVerify(token, publicKey, { issuer, audience: OAUTH_CLIENT.id })).payload.sub ?? "");
  const exchanged = registerTokenExchange(provider, {
    verifySubject,
    defaultResource: resource,
    scopes,
    format,
    ttlSeconds,
  });
  provider.on("grant.success", ({ oidc, body }) => {
    const { access_token: token } = body as { access_token: string };
    const grant = oidc.params?.["grant_type"] === "client_credentials" ? "client_credentials" : "token_exchange";
    issued.push({ token, grant });
  });
  for (const event of ["grant.success", "grant.error"] as const) {
    provider.on(
      event as "grant.success",
      ({ oidc }) => void tokenRequests.push({ ...(oidc.params as Record<string, string>) }),
    );
  }

  const handle = provider.callback();
  const server: OAuthServer = {
    ...listener,
    tokenUrl: `${issuer}/token`,
    client: OAUTH_CLIENT,
    resource,
    tokenRequests,
    issued,
    exchanged,
    subjectToken: (subject) =>
      new SignJWT({})
        .setProtectedHeader({ alg: "ES256" })
        .setSubject(subject)
        .setIssuer(issuer)
        .setAudience(OAUTH_CLIENT.id)
        .setIssuedAt()
        .setExpirationTime("10m")
        .sign(privateKey),
    async introspect(token) {
      if (format === "jwt") {
        const { payload } = await jwtVerify(token, publicKey, { issuer });
        return { active: true, ...(payload as { sub?: string; scope?: string; client_id?: string }) };
      }
      const found = (await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token));
      if (found === undefined || found.isExpired) return { active: false };
      const sub = "accountId" in found ? { sub: String(found.accountId) } : {};
      return {
        active: true,
        ...sub,
        ...(found.scope === undefined ? {} : { scope: found.scope }),
        client_id: String(found.clientId),
      };
    },
    instead: undefined,
  };
  http.on("request", (request, response) => {
    if (server.instead === undefined) void handle(request, response);
    else server.instead(request, response);
  });
  return server;
}
