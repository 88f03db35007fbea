import type { AuditEvent } from "@hardened-mcp/audit";
import {
  startAuthorizationServer,
  type TestAuthorizationServer,
} from "../../../../../test/support/authorization-server/index.ts";
import { type ProtectedOptions, type ProtectedServer, startProtected } from "./protected-server.ts";
import { createUserClient, type UserClient, type UserClientOptions } from "./user-client.ts";

/** One authorization server and one server of ours that takes its tokens. */
export interface World extends AsyncDisposable {
  readonly as: TestAuthorizationServer;
  readonly server: ProtectedServer;
  /** A client of the server's, closed with this world; whose person nobody named is alice. */
  client(options?: Partial<UserClientOptions>): Promise<UserClient>;
  /** What the server has put on record, but for the 405 that clients of 2025-11-25 get when they ask for a stream of events. */
  recorded(): readonly AuditEvent[];
  /** Another replica of the server. */
  replica(options?: ProtectedOptions): Promise<ProtectedServer>;
}

export async function startWorld(options: ProtectedOptions = {}): Promise<World> {
  const as = await startAuthorizationServer();
  return worldOf(as, await startProtected(as, options));
}

/** For a server whose options take something of the authorization server's. */
export function worldOf(as: TestAuthorizationServer, server: ProtectedServer): World {
  const replicas: ProtectedServer[] = [];
  const clients: UserClient[] = [];
  return {
    as,
    server,
    async client(given = {}) {
      const user = await createUserClient({
        url: server.url,
        authorizationServer: as,
        person: { user: "alice" },
        ...given,
      });
      clients.push(user);
      return user;
    },
    recorded: () => server.sink.events.filter((event) => !isAskedForStream(event)),
    async replica(more = {}) {
      const started = await startProtected(as, { ...more, replicaOf: server });
      replicas.push(started);
      return started;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.close();
      for (const replica of replicas) await replica[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await as.stop();
    },
  };
}

function isAskedForStream(event: AuditEvent): boolean {
  return event.type === "entry.rejected" && event.decision.rule === "method";
}
