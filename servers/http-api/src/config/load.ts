import { loadConfig as loadFrom } from "@hardened-mcp/server/command-line";
import { resolvePath } from "@hardened-mcp/server/config";
import type { ApiConfig } from "./api-schema.ts";
import { checkApi } from "./check-api.ts";
import { checkProxy } from "./check-proxy.ts";
import { VARIABLES } from "./environment.ts";
import type { Flags } from "./flags.ts";
import { configSchema, type HttpApiConfig } from "./schema.ts";

/**
 * The effective configuration. `--spec` and `--base-url` are keys of the API named `api`, whatever else the file says of it: a credential
 * for a document of the command line has its place there.
 *
 * @throws {ConfigError} as the shared `loadConfig`, as {@link checkApi} and {@link checkProxy}
 */
export function loadConfig(flags: Flags, environment: NodeJS.ProcessEnv): HttpApiConfig {
  const config = loadFrom({
    schema: configSchema,
    flags,
    fromFlags: () => fromFlags(flags),
    environment,
    variables: VARIABLES,
    flagOnly: { allowWrite: "--allow-write" },
  });
  checkProxy(config.egressProxy);
  for (const [name, api] of Object.entries(config.apis)) checkApi(name, api, config.limits);
  const apis = Object.entries(config.apis).map(([name, api]) => [name, withAbsolutePaths(api)] as const);
  return { ...config, apis: Object.fromEntries(apis) };
}

function* fromFlags({ spec, baseUrl, allowWrite }: Flags): Generator<readonly [key: string, value: unknown]> {
  if (spec !== undefined) yield ["apis.api.spec", spec];
  if (baseUrl !== undefined) yield ["apis.api.baseUrl", baseUrl];
  if (allowWrite) yield ["allowWrite", true];
}

function withAbsolutePaths(api: ApiConfig): ApiConfig {
  const { spec, uploads } = api;
  return {
    ...api,
    ...(spec === undefined ? {} : { spec: resolvePath(spec) }),
    ...(uploads === undefined ? {} : { uploads: { ...uploads, roots: uploads.roots.map(resolvePath) } }),
  };
}
