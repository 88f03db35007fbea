import { authFiles } from "./open-authenticator.ts";
import { stateFiles } from "./open-state.ts";
import type { TlsConfig } from "./schema.ts";
import { resolvePath } from "./secret-file.ts";
import type { SecurityConfig } from "./security.ts";

/** Every file with a secret that a configuration leads to: a server of files must not serve them. */
export function secretFiles(
  config: SecurityConfig & { readonly http?: { readonly tls?: TlsConfig } },
): readonly string[] {
  const tls = config.http?.tls;
  return [
    // Rules tell what is worth attacking, and what writes there decides who may.
    ...(config.policy === undefined ? [] : [resolvePath(config.policy)]),
    ...(config.state === undefined ? [] : stateFiles(config.state)),
    ...authFiles(config.auth).map(resolvePath),
    ...(tls === undefined ? [] : [resolvePath(tls.keyFile)]),
  ];
}
