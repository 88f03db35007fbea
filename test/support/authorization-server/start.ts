import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { Provider } from "oidc-provider";
import { createTestCa, type TestCa } from "../certificates.ts";
import { toConfiguration } from "./configuration.ts";
import { httpsFetch } from "./https-fetch.ts";
import { handleInteraction, INTERACTION_PATH } from "./interactions.ts";
import { type ResourceOptions, TEST_CLIENTS } from "./registry.ts";
import { clientCredentialsToken, post, type TokenOptions, type UserTokenOptions, userToken } from "./tokens.ts";
import { createUserAgent, type UserAgent } from "./user-agent.ts";

export interface AuthorizationServerOptions {
  /** Issues the server's certificate. Default: an authority of its own. */
  readonly authority?: TestCa;
  /** What tokens can be asked for, by resource URI; more can be added later. */
  readonly resources?: Readonly<Record<string, ResourceOptions>>;
}

/** An authorization server that really is one, on loopback, for as long as a test runs. */
export interface TestAuthorizationServer {
  /** `https://localhost:PORT`; metadata is at `/.well-known/oauth-authorization-server`. */
  readonly issuer: string;
  /** PEM of the authority behind its certificate. */
  readonly ca: string;
  readonly authority: TestCa;
  /** Trusts {@link ca}, and only that. */
  readonly fetch: typeof fetch;
  /** Every request so far, as `GET /jwks`. */
  readonly requests: readonly string[];
  /** What a resource server introspects with: `client_secret_basic` at this endpoint. */
  readonly introspection: { readonly endpoint: string; readonly clientId: string; readonly clientSecret: string };
  addResource(resource: string, options: ResourceOptions): void;
  clientCredentialsToken(options: TokenOptions): Promise<string>;
  /** By the whole code flow; `alice` and `bob` can log in. */
  userToken(options: UserTokenOptions): Promise<string>;
  /** A new browser that trusts {@link ca}. */
  userAgent(): UserAgent;
  /** RFC 7662, as the resource server. Opaque tokens only: the provider refuses JWTs. */
  introspect(token: string): Promise<Readonly<Record<string, unknown>>>;
  /** RFC 7009, whoever the token was issued to. Opaque tokens only: a JWT is good until it expires. */
  revoke(token: string): Promise<void>;
  /** A token that this server would never issue, signed with its own key: only the claims can give it away. */
  forge(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

export async function startAuthorizationServer(
  options: AuthorizationServerOptions = {},
): Promise<TestAuthorizationServer> {
  const authority = options.authority ?? (await createTestCa());
  const resources = new Map(Object.entries(options.resources ?? {}));
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const signingKey = { ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: "test-key" };
  const fetch = httpsFetch(authority.cert);

  // A certificate is asked for and none is required: most tokens are bound to nothing.
  const server = createServer({ ...(await authority.issue()), requestCert: true, rejectUnauthorized: false });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
  const endpoint = { issuer, ca: authority.cert };

  const provider = new Provider(issuer, toConfiguration(signingKey, resources, fetch));
  const handle = provider.callback();
  const requests: string[] = [];
  server.on("request", (request, response) => {
    const { pathname } = new URL(request.url ?? "/", issuer);
    requests.push(`${request.method} ${pathname}`);
    if (!pathname.startsWith(INTERACTION_PATH)) return void handle(request, response);
    handleInteraction(provider, request, response).catch((error: Error) => {
      response.writeHead(500).end(error.message);
    });
  });

  const asResourceServer = async (path: string, token: string) =>
    await post(fetch, new URL(path, issuer), TEST_CLIENTS.resourceServer, { token });
  return {
    issuer,
    ca: authority.cert,
    authority,
    fetch,
    requests,
    introspection: {
      endpoint: `${issuer}/token/introspection`,
      clientId: TEST_CLIENTS.resourceServer.client_id,
      clientSecret: TEST_CLIENTS.resourceServer.client_secret,
    },
    addResource: (resource, added) => void resources.set(resource, added),
    clientCredentialsToken: async (asked) => await clientCredentialsToken(endpoint, asked),
    userToken: async (asked) => await userToken(endpoint, asked),
    userAgent: () => createUserAgent(fetch),
    introspect: async (token) =>
      (await asResourceServer("/token/introspection", token)) as Readonly<Record<string, unknown>>,
    revoke: async (token) => void (await asResourceServer("/token/revocation", token)),
    forge: async (claims, header) =>
      await new SignJWT(claims)
        .setProtectedHeader({ alg: "ES256", kid: signingKey.kid, typ: "at+jwt", ...header })
        .sign(privateKey),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
