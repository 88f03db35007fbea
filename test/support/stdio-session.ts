import { Client as NewClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as NewStdio } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";

export const GENERATIONS = ["old client (sdk 1)", "new client, old handshake", "new client, 2026-07-28"] as const;
export type Generation = (typeof GENERATIONS)[number];

export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
  readonly code: string | undefined;
  readonly structured: Record<string, unknown> | undefined;
  readonly content: readonly Record<string, unknown>[];
}

export interface CallSettings {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number }) => void;
}

export interface Tool {
  name: string;
  inputSchema: { properties?: Record<string, unknown> };
}

/** A real client over stdio on a command. */
export interface Session extends AsyncDisposable {
  readonly pid: number;
  call(name: string, args: Record<string, unknown>, settings?: CallSettings): Promise<ToolAnswer>;
  /** All of them, page by page, whether the client follows pages by itself or not. */
  listTools(): Promise<Tool[]>;
  listResources(cursor?: string): Promise<{ resources: { uri: string; name: string }[]; nextCursor?: string }>;
  readResource(uri: string): Promise<{ contents: Record<string, unknown>[] }>;
  getPrompt(name: string, args: Record<string, string>): Promise<{ messages: { content: Record<string, unknown> }[] }>;
}

/** The part that both generations of clients share, as far as these tests use it. */
interface AnyClient {
  connect(transport: unknown): Promise<void>;
  close(): Promise<void>;
  listTools(params?: { cursor: string }): Promise<{ tools: Tool[]; nextCursor?: string }>;
  listResources(params?: { cursor: string }): ReturnType<Session["listResources"]>;
  readResource(params: { uri: string }): ReturnType<Session["readResource"]>;
  getPrompt(params: { name: string; arguments: Record<string, string> }): ReturnType<Session["getPrompt"]>;
}
type CallResult = {
  content: Record<string, unknown>[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
};

/** @param args the built command and its arguments */
export async function openSession(
  args: readonly string[],
  options: {
    generation?: Generation;
    env?: Readonly<Record<string, string>>;
    /** File descriptor for what the command says on standard error. Default: nobody listens. */
    stderr?: number;
  } = {},
): Promise<Session> {
  const isOld = options.generation === "old client (sdk 1)";
  const command = {
    command: process.execPath,
    args: [...args],
    ...(options.env === undefined ? {} : { env: options.env }),
    stderr: options.stderr ?? ("ignore" as const),
  };
  const negotiation =
    options.generation === "new client, 2026-07-28" ? { versionNegotiation: { mode: "auto" as const } } : {};
  const info = { name: "test", version: "1" };
  const transport = isOld ? new OldStdio(command) : new NewStdio(command);
  const client = (isOld ? new OldClient(info) : new NewClient(info, negotiation)) as unknown as AnyClient;
  await client.connect(transport);
  return {
    pid: transport.pid ?? 0,
    call: async (name, args, settings) => toAnswer(await callTool(client, isOld, name, args, settings)),
    listTools: () => everyTool(client),
    listResources: (cursor) => client.listResources(cursor === undefined ? undefined : { cursor }),
    readResource: (uri) => client.readResource({ uri }),
    getPrompt: (name, args) => client.getPrompt({ name, arguments: args }),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Far more than any test has. */
const MOST_PAGES = 100;

async function everyTool(client: AnyClient): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await client.listTools(cursor === undefined ? undefined : { cursor });
    tools.push(...page.tools);
    cursor = page.nextCursor;
    if (cursor === undefined) return tools;
  }
  throw new Error("the listing does not end");
}

function callTool(
  client: AnyClient,
  isOld: boolean,
  name: string,
  args: Record<string, unknown>,
  settings: CallSettings = {},
): Promise<CallResult> {
  const params = { name, arguments: args };
  const anyCall = client as unknown as { callTool(...all: unknown[]): Promise<CallResult> };
  return isOld ? anyCall.callTool(params, undefined, settings) : anyCall.callTool(params, settings);
}

function toAnswer({ content, structuredContent, isError }: CallResult): ToolAnswer {
  const error = structuredContent?.["error"] as { code?: string } | undefined;
  return {
    text: content
      .map((block) => block["text"])
      .filter((text) => typeof text === "string")
      .join("\n"),
    isError: isError === true,
    code: error?.code,
    structured: structuredContent,
    content,
  };
}
