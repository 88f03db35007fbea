import { AuthConfigError } from "../auth-config-error.ts";
import { AUTH_DEFAULTS } from "../defaults.ts";
import type { AuthenticatorOptions, Demand } from "../options.ts";
import { type IssuerSettings, readIssuer } from "./issuer.ts";
import { refuseUnknownKeys } from "./known-keys.ts";
import { readHttpsUrl, readResource } from "./uris.ts";
import { oneOf } from "./values.ts";
import { requireWhole } from "./whole.ts";

/** Options that were checked, with every default filled in. */
export interface Settings
  extends Required<
    Pick<AuthenticatorOptions, "resource" | "apiKeys" | "clockToleranceS" | "maxTokenBytes" | "maxAgeS" | "onTrouble">
  > {
  readonly issuers: readonly IssuerSettings[];
  readonly dpop: Demand;
  readonly mtls: Demand;
  readonly tokenCache: { readonly maxEntries: number; readonly maxAgeMs: number };
  readonly state: AuthenticatorOptions["state"];
  readonly revocations: AuthenticatorOptions["revocations"];
  readonly resourceName: string | undefined;
  readonly resourceDocumentation: string | undefined;
}

const KNOWN: Record<keyof AuthenticatorOptions, true> = {
  resource: true,
  issuers: true,
  apiKeys: true,
  dpop: true,
  mtls: true,
  state: true,
  revocations: true,
  clockToleranceS: true,
  maxTokenBytes: true,
  maxAgeS: true,
  tokenCache: true,
  resourceName: true,
  resourceDocumentation: true,
  onTrouble: true,
};

const DEMANDS = ["off", "accepted", "required"] as const;

/** @throws {AuthConfigError} */
export function readSettings(options: AuthenticatorOptions): Settings {
  refuseUnknownKeys("auth", options, KNOWN);
  const resource = readResource(options.resource);
  const { resourceName, resourceDocumentation } = options;
  const { clockToleranceS, maxTokenBytes, maxAgeS } = { ...AUTH_DEFAULTS, ...options };
  requireWhole("auth.clockToleranceS", clockToleranceS, 0, 300);
  requireWhole("auth.maxTokenBytes", maxTokenBytes, 256, 65_536);
  requireWhole("auth.maxAgeS", maxAgeS, 1, 31_536_000);
  if (resourceDocumentation !== undefined) readHttpsUrl("auth.resourceDocumentation", resourceDocumentation);
  const settings: Settings = {
    resource,
    issuers: list("auth.issuers", options.issuers).map((issuer, at) => readIssuer(issuer, at, resource)),
    apiKeys: list("auth.apiKeys", options.apiKeys),
    dpop: oneOf("auth.dpop", options.dpop ?? AUTH_DEFAULTS.dpop, DEMANDS),
    mtls: oneOf("auth.mtls", options.mtls ?? AUTH_DEFAULTS.mtls, DEMANDS),
    clockToleranceS,
    maxTokenBytes,
    maxAgeS,
    tokenCache: readTokenCache(options.tokenCache ?? {}),
    state: options.state,
    revocations: options.revocations,
    resourceName,
    resourceDocumentation,
    onTrouble: options.onTrouble ?? (() => undefined),
  };
  refuseContradictions(settings);
  return settings;
}

function readTokenCache(options: NonNullable<AuthenticatorOptions["tokenCache"]>): Settings["tokenCache"] {
  refuseUnknownKeys("auth.tokenCache", options, { maxEntries: true, maxAgeMs: true });
  const { maxEntries, maxAgeMs } = { ...AUTH_DEFAULTS.tokenCache, ...options };
  requireWhole("auth.tokenCache.maxEntries", maxEntries, 0, 1_000_000);
  requireWhole("auth.tokenCache.maxAgeMs", maxAgeMs, 1, 300_000);
  return { maxEntries, maxAgeMs };
}

function refuseContradictions({ issuers, apiKeys, dpop, mtls, state }: Settings): void {
  if (issuers.length === 0 && apiKeys.length === 0) {
    throw new AuthConfigError("auth has neither issuers nor apiKeys, so nobody could call. Name at least one.");
  }
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) {
    throw new AuthConfigError("auth.issuers has the same issuer twice. Keep one.");
  }
  if (issuers.filter(({ tokens }) => tokens === "opaque").length > 1) {
    throw new AuthConfigError(
      "auth.issuers has two opaque issuers. An opaque token does not say whose it is, and must not be shown to another. Keep one.",
    );
  }
  if (apiKeys.length > 0 && (dpop === "required" || mtls === "required")) {
    throw new AuthConfigError(
      'auth.apiKeys cannot be bound to a key or certificate, so they would be a way around dpop or mtls "required". ' +
        'Leave apiKeys out, or say "accepted".',
    );
  }
  if (dpop !== "off" && state === undefined) {
    throw new AuthConfigError(
      "auth.dpop needs auth.state, where used proofs are remembered; without it they can be replayed.",
    );
  }
}

function list<T>(what: string, value: readonly T[] | undefined): readonly T[] {
  if (value === undefined || Array.isArray(value)) return value ?? [];
  throw new AuthConfigError(`${what} must be a list.`);
}
