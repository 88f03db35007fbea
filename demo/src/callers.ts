import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { command, startHttpServer, type ToolAnswer } from "./clients.ts";
import type { DemoFolder } from "./folder.ts";

/** Analysts read; interns find their way, and read one file. What no rule permits is denied. */
const POLICY = `
@id("analysts-read")
permit (principal in Role::"analyst", action in Action::"read", resource);

@id("interns-look-around")
permit (
  principal in Role::"intern",
  action in [filesystem::Action::"list_directory", filesystem::Action::"search_files"],
  resource
);

@id("interns-read-the-plan")
permit (principal in Role::"intern", action == filesystem::Action::"read_text_file", resource)
when { context.args.path == "notes/plan.md" };
`;

/** A caller with an API key, over HTTP. */
export interface Caller {
  tools(): Promise<readonly string[]>;
  call(name: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** A server that asks who is calling, and two who are somebody. */
export interface AskingServer {
  readonly url: URL;
  readonly analyst: Caller;
  readonly intern: Caller;
  /** What an operator does while the server runs; every replica sees it at its next call. */
  disable(tool: string): void;
  stop(): Promise<void>;
}

export async function startAskingServer(folder: DemoFolder): Promise<AskingServer> {
  const port = await freePort();
  const [policy, config] = [join(folder.base, "policy.cedar"), join(folder.base, "config.json")];
  const state = `sqlite://${join(folder.base, "state", "state.db")}`;
  const keys = { analyst: newKey("analyst"), intern: newKey("intern") };
  writeFileSync(policy, POLICY);
  writeFileSync(
    config,
    JSON.stringify({
      policy,
      state: { url: state },
      auth: { resource: `http://127.0.0.1:${port}/mcp`, apiKeys: [keys.analyst.entry, keys.intern.entry] },
    }),
  );
  const server = await startHttpServer(
    ["--config", config, "--audit-dir", join(folder.base, "audit-callers"), folder.root],
    port,
  );
  const [analyst, intern] = [await caller(server.url, keys.analyst.key), await caller(server.url, keys.intern.key)];
  return {
    url: server.url,
    analyst,
    intern,
    disable: (tool) => void cli("switches", "set", "--state", state, "--tool", tool, "--why", "demo"),
    async stop() {
      await Promise.all([analyst.close(), intern.close()]);
      const gone = new Promise((resolve) => server.child.once("exit", resolve));
      server.child.kill("SIGTERM");
      await gone;
    },
  };
}

/** The server names its own URI to whoever asks for a token, so its port has to be known beforehand. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function newKey(role: string): { readonly key: string; readonly entry: object } {
  const args = ["api-key", "create", "--subject", role, "--scope", "files:read", "--role", role, "--json"];
  return JSON.parse(cli(...args)) as { key: string; entry: object };
}

function cli(...args: readonly string[]): string {
  return execFileSync(process.execPath, [command("cli"), ...args], { encoding: "utf8" });
}

async function caller(url: URL, key: string): Promise<Caller> {
  const client = new Client({ name: "demo", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(
    new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${key}` } } }),
  );
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => (await client.callTool({ name, arguments: args })) as ToolAnswer,
    close: () => client.close(),
  };
}
