import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

/** A tool's answer, as far as tests look at it. */
export interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: { readonly error?: { readonly code: string } } & Record<string, unknown>;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

/** A real client, connected to this project's server in a process of its own. */
export interface Session {
  /** A folder that is gone after the test. */
  readonly folder: string;
  call(name: string, args?: Record<string, unknown>): Promise<Answer>;
  toolNames(): Promise<readonly string[]>;
  readResource(uri: string): Promise<string>;
  /** Every resource that is listed, over all pages. */
  resourceUris(): Promise<readonly string[]>;
}

/** How to start the server. */
export interface SessionOptions {
  /** Keys for the configuration, instead of server.config.json. */
  readonly config?: Record<string, unknown>;
  readonly flags?: readonly string[];
  /** `old`: a client that speaks revision 2025-11-25 and no newer one. Default: `new`. */
  readonly client?: "new" | "old";
  readonly folder?: string;
}

/** Starts the server over stdio and connects to it; both end with the test. */
export async function openSession(t: TestContext, options: SessionOptions = {}): Promise<Session> {
  const folder = options.folder ?? tempFolder(t);
  const config = join(folder, "config.json");
  if (options.config !== undefined) writeFileSync(config, JSON.stringify(options.config), { mode: 0o600 });
  const server = {
    command: process.execPath,
    args: [CLI, ...(options.config === undefined ? [] : ["--config", config]), ...(options.flags ?? [])],
    env: { PATH: process.env["PATH"] ?? "", XDG_STATE_HOME: folder },
    stderr: "ignore" as const,
  };
  const client =
    options.client === "old"
      ? new OldClient({ name: "test", version: "1.0.0" })
      : new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  const transport = options.client === "old" ? new OldStdio(server) : new StdioClientTransport(server);
  await client.connect(transport as never);
  t.after(() => client.close());
  return {
    folder,
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

/** A folder for one test. */
export function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "my-server-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
