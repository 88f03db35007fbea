import { SCOPES } from "../options/choices.ts";
import { isLoopback, PORT, type Project, urlOf } from "../options/project.ts";

type Config = Readonly<Record<string, unknown>>;

/** An entry for `auth.apiKeys`. */
export type KeyEntry = Readonly<Record<string, unknown>>;

/** Whose writing tools the policy permits. */
export const WRITER = "writer";

/** The configuration of each way that the project is served, by file. */
export function configFiles(base: Config, project: Project, key: KeyEntry | undefined): ReadonlyMap<string, Config> {
  const { transport, auth } = project;
  const stdio = { ...base, state: stateOf(project) };
  const local = { ...stdio, ...httpOf(project.host, urlOf(project)), ...authOf(project, urlOf(project), key) };
  const files = new Map<string, Config>();
  files.set("server.config.json", transport === "http" ? withoutLocal(local) : stdio);
  if (transport === "both") files.set("server.http.json", withoutLocal(local));
  if (transport !== "stdio" && auth !== "none") {
    files.set(
      "deploy/server.config.json",
      withoutLocal({ ...stdio, ...httpOf("0.0.0.0", project.publicUrl), ...authOf(project, project.publicUrl, key) }),
    );
  }
  return files;
}

/**
 * Over HTTP nobody is the local user: with auth everybody says who they are, and without it whoever finds the port may read, and
 * nothing else.
 */
function withoutLocal({ local: _, ...config }: Config): Config {
  return config;
}

/** On loopback the server accepts the names that loopback has; any other address needs TLS, and names that clients may use. */
function httpOf(host: string, url: string): Config {
  const { host: name } = new URL(url);
  if (isLoopback(host)) return { http: { host, port: PORT, ...(USUAL.has(host) ? {} : { allowedHosts: [name] }) } };
  const tls = { certFile: "secrets/tls.crt", keyFile: "secrets/tls.key" };
  return { http: { host, port: PORT, allowedHosts: [name], tls } };
}

const USUAL = new Set(["127.0.0.1", "localhost", "::1"]);

function authOf(project: Project, resource: string, key: KeyEntry | undefined): Config {
  const { template, auth, issuer } = project;
  switch (auth) {
    case "none":
      return {};
    case "api-key":
      return { auth: { resource, apiKeys: [key] } };
    case "jwt":
      return {
        auth: {
          resource,
          issuers: [{ issuer, jwksUri: jwksOf(issuer), algorithms: ["RS256", "ES256"], claims: CLAIMS }],
        },
      };
    case "oauth":
      // What writes is not asked for at the first sign-in, but when it is needed.
      return {
        auth: { resource, resourceName: project.name, issuers: [{ issuer, claims: CLAIMS }] },
        stepUp: [SCOPES[template].write],
      };
  }
}

const CLAIMS = { roles: { claim: "roles", map: { [WRITER]: WRITER } } };

/** Where most issuers publish their keys; not a rule. */
function jwksOf(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/jwks.json`;
}

/** Projects that share a store would otherwise count against each other's limits, and take each other's entries for forgeries. */
function stateOf({ state, name }: Project): Config {
  if (state === "sqlite") return { url: "sqlite:" };
  return { urlFile: "secrets/state-url", keyFile: "secrets/state.key", namespace: name };
}
