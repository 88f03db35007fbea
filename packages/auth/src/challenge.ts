import { ALGORITHMS } from "./algorithms.ts";
import { isScope } from "./claims/scopes.ts";
import type { Settings } from "./options/settings.ts";
import type { Credential } from "./request/credential.ts";

/** What one `WWW-Authenticate` says besides its scheme. */
export interface ChallengeInput {
  /** The scheme that was tried: its challenge carries the error. */
  readonly tried: Credential["scheme"] | undefined;
  readonly error: string | undefined;
  readonly description: string | undefined;
  readonly scopes: readonly string[];
}

/** One challenge for each scheme that is taken: `Bearer` unless every token must be bound, `DPoP` unless it is off. */
export function createChallenges(settings: Settings): (input: ChallengeInput) => readonly string[] {
  const { resource, issuers, dpop } = settings;
  const metadata = issuers.length === 0 ? undefined : metadataUrl(resource);
  const schemes = [...(dpop === "required" ? [] : ["bearer"]), ...(dpop === "off" ? [] : ["dpop"])];

  return ({ tried, error, description, scopes }) => {
    const blamed = tried !== undefined && schemes.includes(tried) ? tried : schemes[0];
    return schemes.map((scheme) => {
      const parameters = [
        ...(scheme === blamed ? [parameter("error", error), parameter("error_description", description)] : []),
        parameter("resource_metadata", metadata),
        parameter("scope", scopesToAskFor(scopes).join(" ")),
        parameter("algs", scheme === "dpop" ? ALGORITHMS.join(" ") : undefined),
      ];
      return `${scheme === "dpop" ? "DPoP" : "Bearer"} ${parameters.filter((each) => each !== "").join(", ")}`.trimEnd();
    });
  };
}

/** A refresh token is between a client and its authorization server (MCP authorization; SEP-2207). */
export function scopesToAskFor(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => scope !== "offline_access" && isScope(scope));
}

/** RFC 9728, section 3.1: the well-known part goes between the host and the path. */
function metadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return `${origin}/.well-known/oauth-protected-resource${pathname === "/" ? "" : pathname}`;
}

/** RFC 9110, section 5.6.4: a quoted string, whatever the value is. */
function parameter(name: string, value: string | undefined): string {
  if (value === undefined || value === "") return "";
  return `${name}="${value.replace(/[^\x20-\x7e]/g, "").replace(/["\\]/g, "\\$&")}"`;
}
