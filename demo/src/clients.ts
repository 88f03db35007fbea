import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const require = createRequire(import.meta.url);

/** Path of one of our own commands, as an installed package has it. */
export function command(name: string): string {
  return join(dirname(require.resolve(`@hardened-mcp/${name}/package.json`)), "dist/cli.js");
}

/** What the demo needs of a client, whichever SDK it comes from. */
export interface AnyClient {
  readonly name: string;
  readonly transport: string;
  listTools(): Promise<number>;
  call(name: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

export interface ToolAnswer {
  readonly isError?: boolean;
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: { readonly error?: { readonly code: string; readonly message: string } };
}

interface Sdk {
  connect(): Promise<void>;
  listTools(): Promise<{ tools: readonly unknown[] }>;
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

async function connected(name: string, transport: string, sdk: Sdk): Promise<AnyClient> {
  await sdk.connect();
  return {
    name,
    transport,
    listTools: async () => (await sdk.listTools()).tools.length,
    call: async (tool, args) => (await sdk.callTool({ name: tool, arguments: args })) as ToolAnswer,
    close: () => sdk.close(),
  };
}

const INFO = { name: "demo", version: "1.0.0" };

/** The v2 client opens the old way unless it is told to look for the newest revision first. */
function newSdk(mode: "auto" | "legacy", transport: () => Parameters<Client["connect"]>[0]): Sdk {
  const client = new Client(INFO, mode === "auto" ? { versionNegotiation: { mode: "auto" } } : {});
  return {
    connect: () => client.connect(transport()),
    listTools: () => client.listTools(),
    callTool: (params) => client.callTool(params),
    close: () => client.close(),
  };
}

function oldSdk(transport: () => Parameters<OldClient["connect"]>[0]): Sdk {
  const client = new OldClient(INFO);
  return {
    connect: () => client.connect(transport()),
    listTools: () => client.listTools(),
    callTool: (params) => client.callTool(params),
    close: () => client.close(),
  };
}

/** The newest kind of client, with a process of its own of one of our servers. */
export function stdioClient(server: string, args: readonly string[]): Promise<AnyClient> {
  return connected(
    "SDK 2, revision 2026-07-28",
    "stdio",
    newSdk("auto", () => new StdioClientTransport(spawning(server, args))),
  );
}

function spawning(server: string, args: readonly string[]) {
  return { command: process.execPath, args: [command(server), ...args], stderr: "ignore" as const };
}

/** Three kinds of client on stdio, each with a server process of its own. */
export async function stdioClients(args: readonly string[]): Promise<readonly AnyClient[]> {
  const spawned = spawning("filesystem", args);
  return [
    await stdioClient("filesystem", args),
    await connected(
      "SDK 2, opening the old way",
      "stdio",
      newSdk("legacy", () => new StdioClientTransport(spawned)),
    ),
    await connected(
      "SDK 1",
      "stdio",
      oldSdk(() => new OldStdio(spawned)),
    ),
  ];
}

/** The same three over HTTP, all of one server. */
export async function httpClients(url: URL): Promise<readonly AnyClient[]> {
  return [
    await connected(
      "SDK 2, revision 2026-07-28",
      "HTTP",
      newSdk("auto", () => new StreamableHTTPClientTransport(url)),
    ),
    await connected(
      "SDK 2, opening the old way",
      "HTTP",
      newSdk("legacy", () => new StreamableHTTPClientTransport(url)),
    ),
    // Its optional members are typed before exactOptionalPropertyTypes; the object is what the client asks for.
    await connected(
      "SDK 1",
      "HTTP",
      oldSdk(() => new OldHttp(url) as never),
    ),
  ];
}

/** Starts the filesystem server, on a free port unless one is given, and waits until it says where it listens. */
export async function startHttpServer(
  args: readonly string[],
  port = 0,
): Promise<{ readonly child: ChildProcess; readonly url: URL }> {
  const child = spawn(process.execPath, [command("filesystem"), "--http", `127.0.0.1:${port}`, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  const url = await new Promise<URL>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      const address = /"address":"(http:[^"]+)"/.exec(log)?.[1];
      if (address !== undefined) resolve(new URL(address));
    });
    child.once("exit", () => reject(new Error(`the server did not start:\n${log}`)));
  });
  return { child, url };
}
