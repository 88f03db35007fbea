import type { CredentialConfig } from "../../config/credential-schema.ts";
import type { Network } from "../connection.ts";
import type { UpstreamLog } from "../log.ts";
import { clientCredentials } from "./client-credentials.ts";
import type { Credential } from "./credential.ts";
import { openApiKey, openBasic, openBearer } from "./fixed.ts";
import { openTokenEndpoint } from "./token-endpoint.ts";
import { tokenExchange } from "./token-exchange.ts";

/** What credentials are opened with. */
export interface CredentialContext {
  readonly api: string;
  readonly log: UpstreamLog;
  readonly network: Network;
}

const NONE: Credential = {
  apply: () => ({ value: "" }),
  refused: () => false,
  identity: () => "",
  secrets: () => [],
  close: async () => {},
};

/** @throws {ConfigError} files that cannot be used; a credential that cannot be sent */
export function openCredential(
  config: CredentialConfig | undefined,
  { api, log, network }: CredentialContext,
): Credential {
  const context = { what: `apis.${api}.credential`, log, network };
  switch (config?.type) {
    case undefined:
      return NONE;
    case "bearer":
      return openBearer(config, context);
    case "api_key":
      return openApiKey(config, context);
    case "basic":
      return openBasic(config, context);
    case "client_credentials":
      return clientCredentials(openTokenEndpoint(config, context));
    case "token_exchange":
      return tokenExchange(openTokenEndpoint(config, context));
  }
}
