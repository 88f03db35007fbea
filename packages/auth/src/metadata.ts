import { ALGORITHMS } from "./algorithms.ts";
import type { ProtectedResourceMetadata } from "./authenticator.ts";
import { scopesToAskFor } from "./challenge.ts";
import type { Settings } from "./options/settings.ts";

/** What this server publishes about itself (RFC 9728, section 2). */
export function describeResource(settings: Settings, scopes: readonly string[]): ProtectedResourceMetadata {
  const { resource, issuers, dpop, mtls, resourceName, resourceDocumentation } = settings;
  return {
    resource,
    authorization_servers: issuers.map(({ issuer }) => issuer),
    scopes_supported: scopesToAskFor(scopes),
    bearer_methods_supported: ["header"],
    ...(resourceName === undefined ? {} : { resource_name: resourceName }),
    ...(resourceDocumentation === undefined ? {} : { resource_documentation: resourceDocumentation }),
    ...(dpop === "off" ? {} : { dpop_signing_alg_values_supported: [...ALGORITHMS] }),
    ...(dpop === "required" ? { dpop_bound_access_tokens_required: true } : {}),
    ...(mtls === "off" ? {} : { tls_client_certificate_bound_access_tokens: true }),
  };
}
