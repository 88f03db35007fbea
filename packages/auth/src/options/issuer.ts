import { X509Certificate } from "node:crypto";
import { ALGORITHMS } from "../algorithms.ts";
import { AuthConfigError } from "../auth-config-error.ts";
import type { ClaimPath, ClaimsMapping } from "../claims/mapping.ts";
import { AUTH_DEFAULTS } from "../defaults.ts";
import type { IntrospectionOptions, IssuerOptions } from "../options.ts";
import { refuseUnknownKeys } from "./known-keys.ts";
import { readHttpsUrl, readIssuerUrl } from "./uris.ts";
import { oneOf, text } from "./values.ts";
import { requireWhole } from "./whole.ts";

/** One issuer's options that were checked, with every default filled in. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly tokens: "jwt" | "opaque";
  readonly algorithms: ReadonlySet<string>;
  readonly audiences: ReadonlySet<string>;
  readonly jwksUri: URL | undefined;
  readonly introspection: IntrospectionSettings | undefined;
  readonly mapping: ClaimsMapping;
  readonly ca: string | undefined;
  readonly privateAddresses: "refuse" | "allow";
}

export interface IntrospectionSettings {
  /** `undefined`: to be discovered. */
  readonly endpoint: URL | undefined;
  readonly clientId: string;
  readonly clientSecret: () => string;
  readonly cacheMs: number;
}

const KNOWN: Record<keyof IssuerOptions, true> = {
  issuer: true,
  tokens: true,
  algorithms: true,
  audience: true,
  jwksUri: true,
  introspection: true,
  claims: true,
  ca: true,
  privateAddresses: true,
};

/** @throws {AuthConfigError} */
export function readIssuer(options: IssuerOptions, at: number, resource: string): IssuerSettings {
  const what = `auth.issuers[${at}]`;
  refuseUnknownKeys(what, options, KNOWN);
  const { algorithms = ALGORITHMS, audience = [], jwksUri, introspection, claims = {}, ca } = options;
  const tokens = oneOf(`${what}.tokens`, options.tokens ?? AUTH_DEFAULTS.tokens, ["jwt", "opaque"]);
  if ((tokens === "opaque") !== (introspection !== undefined)) {
    throw new AuthConfigError(`${what}.introspection goes with tokens "opaque", and only with that.`);
  }
  if (!Array.isArray(audience)) throw new AuthConfigError(`${what}.audience must be a list.`);
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new AuthConfigError(`${what}.algorithms must be a list of at least one.`);
  }
  if (ca !== undefined) requireCertificate(`${what}.ca`, ca);
  return {
    issuer: readIssuerUrl(`${what}.issuer`, options.issuer),
    tokens,
    algorithms: new Set(algorithms.map((each) => oneOf(`${what}.algorithms`, each, ALGORITHMS))),
    audiences: new Set([resource, ...audience.map((each) => text(`${what}.audience`, each))]),
    jwksUri: jwksUri === undefined ? undefined : readHttpsUrl(`${what}.jwksUri`, jwksUri),
    introspection: introspection === undefined ? undefined : readIntrospection(`${what}.introspection`, introspection),
    mapping: readMapping(`${what}.claims`, claims),
    ca,
    privateAddresses: oneOf(`${what}.privateAddresses`, options.privateAddresses ?? AUTH_DEFAULTS.privateAddresses, [
      "refuse",
      "allow",
    ]),
  };
}

function readIntrospection(what: string, options: IntrospectionOptions): IntrospectionSettings {
  refuseUnknownKeys(what, options, { endpoint: true, clientId: true, clientSecret: true, cacheMs: true });
  const { endpoint, clientId, clientSecret, cacheMs = AUTH_DEFAULTS.introspectionCacheMs } = options;
  requireWhole(`${what}.cacheMs`, cacheMs, 0, 30_000);
  return {
    cacheMs,
    clientId: text(`${what}.clientId`, clientId),
    clientSecret: typeof clientSecret === "function" ? clientSecret : constant(`${what}.clientSecret`, clientSecret),
    endpoint: endpoint === undefined ? undefined : readHttpsUrl(`${what}.endpoint`, endpoint),
  };
}

function constant(what: string, value: string): () => string {
  text(what, value);
  return () => value;
}

function readMapping(what: string, mapping: ClaimsMapping): ClaimsMapping {
  refuseUnknownKeys(what, mapping, { tenant: true, client: true, roles: true });
  const { tenant, client, roles } = mapping;
  if (tenant !== undefined) requirePath(`${what}.tenant`, tenant);
  if (client !== undefined) requirePath(`${what}.client`, client);
  if (roles === undefined) return mapping;
  refuseUnknownKeys(`${what}.roles`, roles, { claim: true, map: true });
  requirePath(`${what}.roles.claim`, roles.claim);
  for (const [group, role] of Object.entries(roles.map ?? {})) text(`${what}.roles.map["${group}"]`, role);
  return { ...mapping, roles: { claim: roles.claim, map: { ...roles.map } } };
}

function requirePath(what: string, path: ClaimPath): void {
  const names = typeof path === "string" ? [path] : path;
  if (!Array.isArray(names) || names.length === 0) throw new AuthConfigError(`${what} must name a claim.`);
  for (const name of names) text(what, name);
}

function requireCertificate(what: string, pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new AuthConfigError(`${what} must be certificates as PEM text, not the path of a file.`);
  }
}
