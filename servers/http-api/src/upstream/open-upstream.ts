import { ConfigError } from "@hardened-mcp/server";
import type { ApiConfig } from "../config/api-schema.ts";
import type { Upstream } from "../model/exchange.ts";
import { isForbiddenHeader } from "../request/reserved-names.ts";
import { createAdmission } from "./admission.ts";
import { readBaseUrl } from "./base-url.ts";
import { createBreaker } from "./breaker.ts";
import { createCache } from "./cache/cache.ts";
import { type Network, openConnection } from "./connection.ts";
import { openCredential } from "./credentials/open-credential.ts";
import type { UpstreamLog } from "./log.ts";
import { createSend } from "./send.ts";

/** An API whose base URL is known: configured, or the one that its document names. */
export type ResolvedApi = ApiConfig & { readonly baseUrl: string };

export interface UpstreamContext extends Network {
  readonly log: UpstreamLog;
}

/**
 * One API's place on the network. Nothing is shared between two: not the connections, and not the credentials, so that
 * what is configured for one never reaches another (awslabs/mcp #3695).
 *
 * Files with secrets are read now, commands and authorization servers asked with the first request.
 *
 * @throws {ConfigError} what the configuration says cannot be used
 */
export function openUpstream(name: string, api: ResolvedApi, context: UpstreamContext): Upstream {
  const { log } = context;
  const config = api.upstream;
  const base = readBaseUrl(name, api.baseUrl, api.privateAddresses);
  const headers = readHeaders(name, api.headers);
  const connection = openConnection(name, base, api, context);
  const credential = openCredential(api.credential, { api: name, log, network: context });
  if (api.credential !== undefined && base.isPlain) {
    log.warn({ api: name }, "The credential of this API goes over plain http: everyone on the way can read it.");
  }
  const breaker = createBreaker(name, config.breaker, log);

  return {
    name,
    send: createSend({
      config,
      base,
      headers,
      connection,
      credential,
      breaker,
      admission: createAdmission(config),
      cache: createCache(config),
    }),
    secrets: () => credential.secrets(),
    health: () => (breaker.isUp ? "up" : "away"),
    async close() {
      await connection.close();
      await credential.close();
    },
  };
}

function readHeaders(api: string, headers: ApiConfig["headers"]): Readonly<Record<string, string>> {
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (isForbiddenHeader(name)) {
      throw new ConfigError(
        `apis.${api}.headers.${name} cannot be set here. A credential belongs into apis.${api}.credential.`,
      );
    }
    if (Object.hasOwn(read, key)) throw new ConfigError(`apis.${api}.headers has ${name} twice.`);
    read[key] = value;
  }
  return read;
}
