import { createTestCa } from "../../../../test/support/certificates.ts";
import { type ApiKeyEntry, type AuthenticatorOptions, createApiKey, createAuthenticator } from "../../src/index.ts";
import { newKey, type SigningKey } from "./forge.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { type ResourceServer, startResourceServer } from "./resource-server.ts";

export const RESOURCE = "https://files.example.com/mcp";

/** Two issuers with keys of their own, and the server that trusts both. */
export interface World extends AsyncDisposable {
  readonly a: IdentityProvider;
  readonly b: IdentityProvider;
  readonly keys: {
    readonly a: SigningKey;
    readonly aRsa: SigningKey;
    readonly a384: SigningKey;
    readonly aEd: SigningKey;
    readonly b: SigningKey;
  };
  readonly apiKey: { readonly key: string; readonly entry: ApiKeyEntry };
  readonly ca: string;
  readonly server: ResourceServer;
}

export async function startWorld(options: Partial<AuthenticatorOptions> = {}): Promise<World> {
  const ca = await createTestCa();
  const keys = {
    a: newKey("ES256", "a-1"),
    aRsa: newKey("RS256", "a-rsa"),
    a384: newKey("ES384", "a-384"),
    aEd: newKey("EdDSA", "a-ed"),
    b: newKey("ES256", "b-1"),
  };
  const a = await startIdentityProvider(ca, [keys.a, keys.aRsa, keys.a384, keys.aEd]);
  const b = await startIdentityProvider(ca, [keys.b]);
  const apiKey = createApiKey({ id: "ci", subject: "ci", scopes: ["files:read"] });
  const common = { ca: ca.cert, privateAddresses: "allow" } as const;
  const authenticator = createAuthenticator({
    resource: RESOURCE,
    issuers: [
      { issuer: a.issuer, ...common },
      { issuer: b.issuer, ...common },
    ],
    apiKeys: [apiKey.entry],
    ...options,
  });
  const server = await startResourceServer(authenticator);
  return {
    a,
    b,
    keys,
    apiKey,
    ca: ca.cert,
    server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await a[Symbol.asyncDispose]();
      await b[Symbol.asyncDispose]();
    },
  };
}
