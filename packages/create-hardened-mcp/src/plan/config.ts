import { type Chosen, SCOPES } from "../options/choices.ts";
import { LOOPBACK, PORT, type Project } from "../options/project.ts";

type Config = Readonly<Record<string, unknown>>;

/** An entry for `auth.apiKeys`. */
export type KeyEntry = Readonly<Record<string, unknown>>;

/** Whose writing tools the policy permits. */
export const WRITER = "writer";

/** The configuration of each way that the project is served, by file. */
export function configFiles(base: Config, project: Project, key: KeyEntry | undefined): ReadonlyMap<string, Config> {
  const { transport, auth } = project;
  const stdio = { ...base, state: stateOf(project) };
  const local = { ...stdio, ...httpOf(project), ...authOf(project, localResource(project), key) };
  const files = new Map<string, Config>();
  files.set("server.config.json", transport === "http" ? withoutLocal(local) : stdio);
  if (transport === "both") files.set("server.http.json", withoutLocal(local));
  if (transport !== "stdio" && auth !== "none") {
    files.set(
      "deploy/server.config.json",
      withoutLocal({ ...stdio, ...containerHttp(project), ...authOf(project, project.publicUrl, key) }),
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

function localResource({ host, publicUrl }: Project): string {
  return host === LOOPBACK ? `http://${LOOPBACK}:${PORT}/mcp` : publicUrl;
}

function httpOf({ host, publicUrl }: Project): Config {
  if (host === LOOPBACK) return { http: { host, port: PORT } };
  return {
    http: {
      host,
      port: PORT,
      allowedHosts: [new URL(publicUrl).host],
      tls: { certFile: "secrets/tls.crt", keyFile: "secrets/tls.key" },
    },
  };
}

/** In a container every address is its own; what ends TLS there is mounted where the manifests put it. */
function containerHttp({ publicUrl }: Project): Config {
  return {
    http: {
      host: "0.0.0.0",
      port: PORT,
      allowedHosts: [new URL(publicUrl).host],
      tls: { certFile: "secrets/tls.crt", keyFile: "secrets/tls.key" },
    },
  };
}

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

function stateOf({ state }: Chosen): Config {
  return state === "sqlite" ? { url: "sqlite:" } : { urlFile: "secrets/state-url", keyFile: "secrets/state.key" };
}
