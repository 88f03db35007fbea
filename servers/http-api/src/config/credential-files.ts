import { resolvePath } from "@hardened-mcp/server/config";
import type { CredentialConfig, SecretSource } from "./credential-schema.ts";
import type { HttpApiConfig } from "./schema.ts";

/** Files that a configuration names and no client may get at: secrets, and keys of certificates. */
export function credentialFiles(config: Pick<HttpApiConfig, "apis">): readonly string[] {
  return Object.values(config.apis)
    .flatMap(({ credential, tls }) => [fileOf(credential), tls?.keyFile])
    .filter((file) => file !== undefined)
    .map(resolvePath);
}

function fileOf(credential: CredentialConfig | undefined): string | undefined {
  const source = credential === undefined ? undefined : secretOf(credential);
  return source !== undefined && "file" in source ? source.file : undefined;
}

/** Where the secret of a credential comes from. */
export function secretOf(credential: CredentialConfig): SecretSource {
  switch (credential.type) {
    case "bearer":
      return credential.token;
    case "api_key":
      return credential.key;
    case "basic":
      return credential.password;
    case "client_credentials":
    case "token_exchange":
      return credential.clientSecret;
  }
}
