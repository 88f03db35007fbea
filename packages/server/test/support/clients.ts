import type { Readable, Writable } from "node:stream";
import { Client as NewClient, StreamableHTTPClientTransport as NewHttp } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** The part of a client that both generations share, as far as these tests use it. */
export interface AnyClient {
  listTools(): Promise<{ tools: { name: string; outputSchema?: unknown }[] }>;
  callTool(params: { name: string; arguments?: Record<string, unknown> }): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** A client's transport over a pair of streams: the same lines that a child process would carry. */
class StreamTransport {
  onmessage?: (message: never) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #toServer: Writable;
  #rest = "";

  constructor(toServer: Writable, fromServer: Readable) {
    this.#toServer = toServer;
    fromServer.on("data", (chunk: Buffer) => {
      const lines = (this.#rest + chunk.toString("utf8")).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.onmessage?.(JSON.parse(line) as never);
    });
  }
  async start(): Promise<void> {}
  async send(message: unknown): Promise<void> {
    this.#toServer.write(`${JSON.stringify(message)}\n`);
  }
  async close(): Promise<void> {
    this.onclose?.();
  }
}

export const GENERATIONS = ["old client (sdk 1)", "new client, old handshake", "new client, 2026-07-28"] as const;
export type Generation = (typeof GENERATIONS)[number];

function create(generation: Generation): { connect(transport: never): Promise<void> } {
  if (generation === "old client (sdk 1)") return new OldClient({ name: "old", version: "1" });
  const options = generation === "new client, 2026-07-28" ? { versionNegotiation: { mode: "auto" as const } } : {};
  return new NewClient({ name: "new", version: "2" }, options);
}

export async function overHttp(generation: Generation, url: URL): Promise<AnyClient> {
  const client = create(generation);
  const transport = generation === "old client (sdk 1)" ? new OldHttp(url) : new NewHttp(url);
  await client.connect(transport as never);
  return client as unknown as AnyClient;
}

export async function overStreams(
  generation: Generation,
  toServer: Writable,
  fromServer: Readable,
): Promise<AnyClient> {
  const client = create(generation);
  await client.connect(new StreamTransport(toServer, fromServer) as never);
  return client as unknown as AnyClient;
}
