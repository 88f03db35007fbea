import type { Authenticated, Authenticator } from "@hardened-mcp/auth";
import type { Principal } from "@hardened-mcp/auth/principal";

export const RESOURCE = "https://mcp.example.com/mcp";

/** An authenticator of which only `authenticate` matters to the test. */
export function fakeAuthenticator(authenticate: Authenticator["authenticate"]): Authenticator {
  return {
    resource: RESOURCE,
    authenticate,
    insufficientScope: (_, scopes) => [`Bearer error="insufficient_scope", scope="${scopes.join(" ")}"`],
    metadata: (scopes) => ({
      resource: RESOURCE,
      authorization_servers: ["https://as.example.com"],
      scopes_supported: scopes,
      bearer_methods_supported: ["header"],
    }),
    close: async () => undefined,
  };
}

/** A sender whose credential stays good. */
export function known(principal: Principal): Authenticated {
  return { principal, expiresAt: undefined, degraded: false, stillGood: async () => true };
}
