import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, customFetch, exportJWK, generateKeyPair, jwtVerify } from "jose";
import { errors, Provider } from "oidc-provider";
import { createMemoryAdapter } from "../../../../../test/support/authorization-server/memory-adapter.ts";
import { createTestCa } from "../../../../../test/support/certificates.ts";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

/** The API's own authorization server, with client credentials and token exchange, over TLS on loopback. */
export interface ApiAuthorizationServer extends AsyncDisposable {
  readonly tokenUrl: string;
  /** PEM of the authority behind its certificate. */
  readonly ca: string;
  /** What was asked at the token endpoint, decoded. */
  readonly asked: readonly { readonly authorization: string | undefined; readonly form: Record<string, string> }[];
  /** Whom one of its tokens stands for: an account, or the client itself; `undefined`: nobody. */
  holderOf(token: string): Promise<string | undefined>;
  /** Ends every token it has issued so far. */
  revokeAll(): Promise<void>;
  /** Answers in place of the provider. */
  answer:
    | (() => { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown })
    | undefined;
}

export const CLIENT = { id: "mcp:server", secret: "client secret +/%&canary" } as const;

/** @param issuer whose tokens may be exchanged */
export async function startApiAuthorizationServer(issuer?: {
  readonly issuer: string;
  readonly audience: string;
  readonly fetch: typeof fetch;
}): Promise<ApiAuthorizationServer> {
  const authority = await createTestCa();
  const server = createServer(await authority.issue());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  const issued: { destroy(): Promise<void> }[] = [];
  const asked: { authorization: string | undefined; form: Record<string, string> }[] = [];

  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const provider = new Provider(url, {
    adapter: createMemoryAdapter(),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "ES256", use: "sig" }] },
    cookies: { keys: ["only-ever-on-loopback"] },
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    clients: ["client_secret_basic", "client_secret_post"].map((method) => ({
      client_id: method === "client_secret_basic" ? CLIENT.id : `${CLIENT.id}:post`,
      client_secret: CLIENT.secret,
      token_endpoint_auth_method: method as "client_secret_basic",
      grant_types: ["client_credentials", ...(issuer === undefined ? [] : [EXCHANGE])],
      response_types: [],
      redirect_uris: [],
    })),
    scopes: ["orders:read"],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: false },
    },
    ttl: { AccessToken: 600, ClientCredentials: 600 },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  });
  provider.on("client_credentials.saved", (token) => void issued.push(token));

  if (issuer !== undefined) {
    const keys = createRemoteJWKSet(new URL(`${issuer.issuer}/jwks`), { [customFetch]: issuer.fetch });
    provider.registerGrantType<{ subject_token?: string; subject_token_type?: string; resource?: string }>(
      EXCHANGE,
      async (ctx) => {
        const { client, params } = ctx.oidc;
        if (params.subject_token_type !== ACCESS_TOKEN) throw new errors.InvalidRequest("subject_token_type");
        const { payload } = await jwtVerify(params.subject_token ?? "", keys, {
          issuer: issuer.issuer,
          audience: issuer.audience,
        }).catch(() => {
          throw new errors.InvalidGrant(`this token is not good: ${params.subject_token}`);
        });
        const grant = new provider.Grant({ accountId: payload.sub, clientId: client.clientId });
        const token = new provider.AccessToken({
          accountId: String(payload.sub),
          client,
          grantId: await grant.save(),
          gty: "token_exchange",
          scope: "orders:read",
        } as ConstructorParameters<typeof provider.AccessToken>[0]);
        const value = await token.save();
        issued.push(token);
        ctx.body = {
          access_token: value,
          issued_token_type: ACCESS_TOKEN,
          token_type: "Bearer",
          expires_in: token.expiration,
        };
      },
      ["subject_token", "subject_token_type", "requested_token_type", "scope", "audience", "resource"],
    );
  }

  provider.use(async (ctx, next) => {
    await next();
    const { authorization } = ctx.req.headers;
    asked.push({ authorization, form: { ...(ctx["oidc"].body as Record<string, string>) } });
  });
  const handle = provider.callback();
  server.on("request", (incoming, response) => {
    const own = made.answer?.();
    if (own === undefined) return void handle(incoming, response);
    asked.push({ authorization: incoming.headers.authorization, form: {} });
    response
      .writeHead(own.status, { "content-type": "application/json", ...own.headers })
      .end(JSON.stringify(own.body));
  });

  const made: ApiAuthorizationServer = {
    tokenUrl: `${url}/token`,
    ca: authority.cert,
    asked,
    answer: undefined,
    async holderOf(token) {
      const user = await provider.AccessToken.find(token);
      return user?.accountId ?? (await provider.ClientCredentials.find(token))?.clientId;
    },
    async revokeAll() {
      for (const token of issued.splice(0)) await token.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;
}
