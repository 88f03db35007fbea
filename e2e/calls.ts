import { Client as NewClient, StreamableHTTPClientTransport as NewHttp } from "@modelcontextprotocol/client";
import { StdioClientTransport as NewStdio } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** `new` speaks revision 2026-07-28; `old` has never heard of it. */
export const ERAS = ["new", "old"] as const;
export type Era = (typeof ERAS)[number];

/** A tool's answer, as far as it is looked at. */
export interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly content?: readonly { readonly text?: string }[];
}

/** A real client of either era. */
export interface Caller {
  toolNames(): Promise<readonly string[]>;
  call(name: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
  close(): Promise<void>;
}

/** How to start a server on stdio. */
export interface StdioCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

export async function overStdio(era: Era, { command, args, cwd, environment }: StdioCommand): Promise<Caller> {
  const server = { command, args: [...args], cwd, env: { ...environment }, stderr: "ignore" as const };
  return await connect(era, era === "old" ? new OldStdio(server) : new NewStdio(server));
}

/** @param credential an access token or an API key; `undefined`: none */
export async function overHttp(era: Era, url: URL, credential?: string): Promise<Caller> {
  const headers = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
  const options = { requestInit: { headers } };
  return await connect(era, era === "old" ? new OldHttp(url, options) : new NewHttp(url, options));
}

/** The part of a client that both eras share. */
interface AnyClient {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(params: { name: string; arguments: Readonly<Record<string, unknown>> }): Promise<Answer>;
  close(): Promise<void>;
}

async function connect(era: Era, transport: unknown): Promise<Caller> {
  const info = { name: "end-to-end", version: "1.0.0" };
  const client = (era === "old"
    ? new OldClient(info)
    : new NewClient(info, { versionNegotiation: { mode: "auto" } })) as unknown as AnyClient;
  await client.connect(transport);
  return {
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => await client.callTool({ name, arguments: args }),
    close: async () => await client.close(),
  };
}
