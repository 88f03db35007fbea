import { existsSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { startPostgres } from "../packages/state/test/support/postgres.ts";
import { postgresBinaries } from "../packages/state/test/support/postgres-binaries.ts";
import { startRedis } from "../packages/state/test/support/redis.ts";
import { startAuthorizationServer, type TestAuthorizationServer } from "../test/support/authorization-server/index.ts";
import type { Row } from "./rows.ts";

/** What a project that is for more than one machine stands on: real ones, started when they are first asked for. */
export interface Services {
  /** The address of a store, for `secrets/state-url`. */
  stateUrl(state: "postgres" | "redis"): Promise<string>;
  authorizationServer(): Promise<AuthorizationServer>;
  stop(): Promise<void>;
}

/** A real authorization server, and where the certificate of its authority is. */
export interface AuthorizationServer {
  readonly server: TestAuthorizationServer;
  readonly caFile: string;
}

/** @param folder for the authority's certificate */
export function createServices(folder: string): Services {
  const stops: (() => Promise<void>)[] = [];
  const stopLater = <Started extends { stop(): Promise<void> }>(started: Started): Started => {
    stops.push(() => started.stop());
    return started;
  };
  const once = <Value>(start: () => Promise<Value>): (() => Promise<Value>) => {
    let started: Promise<Value> | undefined;
    return () => {
      started ??= start();
      return started;
    };
  };
  const stores = {
    postgres: once(async () => stopLater(await startPostgres()).url),
    redis: once(async () => stopLater(await startRedis()).url),
  };
  return {
    stateUrl: (state) => stores[state](),
    authorizationServer: once(async () => {
      const server = stopLater(await startAuthorizationServer());
      const caFile = join(folder, "authority.pem");
      writeFileSync(caFile, server.ca);
      return { server, caFile };
    }),
    stop: async () => {
      for (const stop of stops.splice(0)) await stop();
    },
  };
}

/** A token for a user that may read, and one that nobody would accept here: it is for another server. */
export async function tokensFor(
  { server }: AuthorizationServer,
  { resource, scopes }: { readonly resource: string; readonly scopes: readonly string[] },
): Promise<{ readonly good: string; readonly foreign: string }> {
  const foreign = "https://elsewhere.example/mcp";
  const ask = async (for_: string): Promise<string> => {
    server.addResource(for_, { scopes });
    return await server.userToken({ resource: for_, scope: scopes.join(" "), user: "alice" });
  };
  return { good: await ask(resource), foreign: await ask(foreign) };
}

/** Why this machine cannot have a store of that kind. `undefined`: it can. */
export function whyNoStore(state: Row["state"], path = process.env["PATH"] ?? ""): string | undefined {
  if (state === "redis") {
    const isThere = path.split(delimiter).some((folder) => existsSync(join(folder, "redis-server")));
    return isThere ? undefined : "redis-server is not on this machine. Install it: apt-get install -y redis-server";
  }
  if (state === "sqlite") return undefined;
  try {
    postgresBinaries();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether a row has to do with an issuer of tokens. */
export function hasIssuer({ auth }: Pick<Row, "auth">): boolean {
  return auth === "jwt" || auth === "oauth";
}
