import {
  Client,
  DpopSession,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import type { TestAuthorizationServer, UserAgent } from "../../../../../test/support/authorization-server/index.ts";
import { type BrowserProvider, type BrowserProviderOptions, createBrowserProvider } from "./browser-provider.ts";

/** Both eras of the protocol. */
export const REVISIONS = ["2026-07-28", "2025-11-25"] as const;

export interface UserClientOptions extends Pick<BrowserProviderOptions, "person" | "registering" | "refreshing"> {
  /** The MCP endpoint. */
  readonly url: URL;
  readonly authorizationServer: TestAuthorizationServer;
  /** Revision the client speaks. Default `2026-07-28`. */
  readonly revision?: (typeof REVISIONS)[number];
  /** Has its tokens bound to a key of its own (RFC 9449). */
  readonly dpop?: boolean;
  /** For instance a `fetch` that shows a client certificate. */
  readonly transport?: Omit<StreamableHTTPClientTransportOptions, "authProvider">;
}

/**
 * The SDK's client with its own OAuth support, and the person who clicks through what it opens in a browser.
 *
 * One operation at a time: the SDK opens a browser for each of several that fail together.
 */
export interface UserClient extends Pick<BrowserProvider, "authorizations" | "tokens"> {
  readonly client: Client;
  readonly browser: UserAgent;
  connect(): Promise<void>;
  /** Runs an operation; if it takes the user's authorization, gets that once and runs it once more. */
  attempt<T>(operation: (client: Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function createUserClient(options: UserClientOptions): Promise<UserClient> {
  const { url, authorizationServer, revision = "2026-07-28" } = options;
  const browser = authorizationServer.userAgent();
  const host = createBrowserProvider({
    ...options,
    dpop: options.dpop === true ? await DpopSession.create() : undefined,
    issuer: authorizationServer.issuer,
    browser,
  });

  // A transport starts once, also when it fails: each attempt to connect has its own, with what the last one was given.
  let [client, transport] = fresh();
  function fresh(): [Client, StreamableHTTPClientTransport] {
    const negotiation = revision === "2026-07-28" ? { versionNegotiation: { mode: "auto" as const } } : {};
    const { fetch } = authorizationServer;
    return [
      new Client({ name: "test client", version: "1" }, negotiation),
      new StreamableHTTPClientTransport(url, { fetch, ...options.transport, authProvider: host.provider }),
    ];
  }

  async function authorized<T>(operation: () => Promise<T>, again: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      await transport.finishAuth(host.takeCallback());
      return await again();
    }
  }

  return {
    get client() {
      return client;
    },
    browser,
    authorizations: host.authorizations,
    tokens: host.tokens,
    async connect() {
      const connect = async () => await client.connect(transport);
      await authorized(connect, async () => {
        [client, transport] = fresh();
        await connect();
      });
    },
    attempt: async (operation) =>
      await authorized(
        () => operation(client),
        () => operation(client),
      ),
    close: async () => await client.close(),
  };
}
