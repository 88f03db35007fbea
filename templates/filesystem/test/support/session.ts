import { type ChildProcess, spawn } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { envOf, flagsOf, type StartOptions, tempFolder } from "./start.ts";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

/** A tool's answer, as far as tests look at it. */
export interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: { readonly error?: { readonly code: string } } & Record<string, unknown>;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

/** The public code of a refusal. */
export const codeOf = ({ structuredContent }: Answer): string | undefined => structuredContent?.error?.code;

/** A real client, connected to this project's server, which is a process of its own. */
export interface Session {
  call(name: string, args?: Record<string, unknown>): Promise<Answer>;
  toolNames(): Promise<readonly string[]>;
  readResource(uri: string): Promise<string>;
  /** Every resource that is listed, over all pages. */
  resourceUris(): Promise<readonly string[]>;
}

/** Who a caller over HTTP is, for the policy. */
export interface Caller {
  readonly roles?: readonly string[];
  readonly scopes: readonly string[];
}

/** `old`: a client that speaks revision 2025-11-25 and no newer one. */
export type Generation = "new" | "old";

/** Starts the server as clients on this machine do, and talks to it by standard input and output. Both end with the test. */
export async function openStdio(t: TestContext, options: StartOptions): Promise<Session> {
  const folder = options.folder ?? tempFolder(t);
  const args = [CLI, ...flagsOf(folder, options)];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    env: envOf(folder, options),
    stderr: "ignore",
  });
  return connect(t, newClient(), transport);
}

/**
 * Starts the server over HTTP, for several callers with a key each: one start is enough for a whole table of cases.
 *
 * @returns connects one of the callers; server and clients end with the test
 */
export async function startHttp<Name extends string>(
  t: TestContext,
  { callers, ...options }: StartOptions & { readonly callers: Readonly<Record<Name, Caller>> },
): Promise<(caller: Name, generation?: Generation) => Promise<Session>> {
  const folder = options.folder ?? tempFolder(t);
  const keys = new Map(Object.keys(callers).map((id) => [id, `hmcp_${id}_${randomBytes(32).toString("base64url")}`]));
  const apiKeys = Object.entries<Caller>(callers).map(([id, caller]) => {
    return { ...caller, id, subject: id, hash: `sha256:${hash("sha256", keys.get(id) ?? "", "base64url")}` };
  });
  const auth = { resource: "http://127.0.0.1:3000/mcp", apiKeys };
  const flags = flagsOf(folder, { ...options, config: { ...options.config, auth } });
  const args = [CLI, ...flags, "--http", "127.0.0.1:0"];
  const server = spawn(process.execPath, args, { env: envOf(folder, options), stdio: ["ignore", "ignore", "pipe"] });
  t.after(() => server.kill());
  const url = new URL(await addressOf(server));
  return (caller, generation = "new") => {
    const requestInit = { headers: { authorization: `Bearer ${keys.get(caller)}` } };
    if (generation === "new") return connect(t, newClient(), new StreamableHTTPClientTransport(url, { requestInit }));
    return connect(t, new OldClient({ name: "test", version: "1.0.0" }), new OldHttp(url, { requestInit }));
  };
}

const newClient = () => new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });

/** Where the server listens: it logs that once it does. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  const log: string[] = [];
  if (stderr === null) throw new Error("its log is not read");
  for await (const line of createInterface(stderr)) {
    log.push(line);
    const address = /"address":"([^"]+)"/.exec(line)?.[1];
    // The log goes on; unread, it would fill the pipe.
    if (address !== undefined) return stderr.resume() && address;
  }
  throw new Error(`The server has not started:\n${log.join("\n")}`);
}

async function connect(t: TestContext, client: Client | OldClient, transport: unknown): Promise<Session> {
  await client.connect(transport as never);
  t.after(() => client.close());
  return {
    call: async (name, args = {}) => (await client.callTool({ name, arguments: args })) as Answer,
    toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
    readResource: async (uri) => {
      const [first] = (await client.readResource({ uri })).contents;
      return first !== undefined && "text" in first ? first.text : "";
    },
    resourceUris: async () => {
      const uris: string[] = [];
      let cursor: string | undefined;
      do {
        const { resources, nextCursor } = await client.listResources(cursor === undefined ? {} : { cursor });
        uris.push(...resources.map(({ uri }) => uri));
        cursor = nextCursor;
      } while (cursor !== undefined);
      return uris;
    },
  };
}
