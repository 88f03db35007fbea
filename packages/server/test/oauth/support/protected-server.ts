import {
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type IssuerOptions,
} from "@hardened-mcp/auth";
import type {
  ResourceOptions,
  TestAuthorizationServer,
} from "../../../../../test/support/authorization-server/index.ts";
import { freePort } from "../../../../state/test/support/test-server.ts";
import type { HttpOptions } from "../../../src/http/options.ts";
import type { ServerOptions } from "../../../src/options.ts";
import { type Running, serve } from "../../../src/serve.ts";
import { type TestServer, testServer } from "../../support/server.ts";
import { notes, SCOPES } from "./notes.ts";

export interface ProtectedOptions {
  /** Default: the tools of `notes.ts`, of which one can be stepped up to. */
  readonly server?: Partial<ServerOptions>;
  readonly http?: Partial<HttpOptions>;
  readonly auth?: Partial<AuthenticatorOptions>;
  /** Default: JWTs of the authorization server, with its claims mapped to tenant, client and roles. */
  readonly issuer?: Partial<IssuerOptions>;
  /** What the authorization server knows of the resource. */
  readonly resource?: Partial<ResourceOptions>;
  /** Another replica of this server: it has a port of its own, and takes the same tokens. */
  readonly replicaOf?: ProtectedServer;
}

/** A server of ours behind TLS that takes the tokens of a real authorization server. */
export interface ProtectedServer extends TestServer, AsyncDisposable {
  readonly running: Running;
  /** The canonical URI, which clients connect to and tokens name as their audience. */
  readonly resource: string;
  /** Where this replica listens; the resource itself unless it is a replica of another. */
  readonly url: URL;
  readonly authenticator: Authenticator;
}

/** What the test users' groups mean here. */
export const CLAIMS = {
  tenant: "tenant",
  roles: { claim: "groups", map: { editors: "editor", readers: "reader" } },
} as const;

export async function startProtected(
  as: TestAuthorizationServer,
  options: ProtectedOptions = {},
): Promise<ProtectedServer> {
  // Somebody else may take a port between its choice and its use; the next one is as good.
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(as, await freePort(), options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || attempt === 5) throw error;
    }
  }
}

async function startOn(
  as: TestAuthorizationServer,
  port: number,
  { server = {}, http = {}, auth = {}, issuer = {}, resource = {}, replicaOf }: ProtectedOptions,
): Promise<ProtectedServer> {
  const url = new URL(`https://localhost:${port}/mcp`);
  const canonical = replicaOf?.resource ?? url.href;
  const authenticator = createAuthenticator({
    resource: canonical,
    issuers: [{ issuer: as.issuer, ca: as.ca, privateAddresses: "allow", claims: CLAIMS, ...issuer }],
    ...auth,
  });
  const made = testServer({ tools: notes(), enable: ["write"], stepUp: [SCOPES.write], ...server });
  const running = await serve(made.server, {
    http: {
      port,
      allowedHosts: [url.host],
      authenticator,
      ...http,
      tls: { ...(await as.authority.issue()), ...http.tls },
    },
    ownProcess: false,
    drainMs: 1_000,
    onStop: () => authenticator.close(),
  });
  if (replicaOf === undefined) as.addResource(canonical, { scopes: Object.values(SCOPES), ...resource });
  return {
    ...made,
    running,
    resource: canonical,
    url,
    authenticator,
    [Symbol.asyncDispose]: async () => void (await running.stop("test over")),
  };
}
