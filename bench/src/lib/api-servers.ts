import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateProject } from "./generated-project.ts";
import { LineClient } from "./line-client.ts";

const require = createRequire(import.meta.url);

/** One of the servers in front of the API, as it is started and asked. */
export interface ApiServer {
  /** Fresh, with all its tools listed, page by page. */
  start(): Promise<{ readonly client: LineClient; readonly tools: number }>;
  /** What it calls the tool of an operation, such as `getRecord`. */
  tool(operationId: string): string;
}

export const SIDES = ["bare SDK", "ours", "mcp-openapi", "openapi-mcp-generator"] as const;
export type Side = (typeof SIDES)[number];

const snake = (operationId: string): string => operationId.replace(/[A-Z]|\d+/g, (word) => `_${word.toLowerCase()}`);

/** The SDK and `fetch`; it knows the operations of the small document only. */
export function bareApi(baseUrl: string): ApiServer {
  const script = fileURLToPath(new URL("../servers/bare-api.js", import.meta.url));
  return { start: () => open([script, baseUrl]), tool: snake };
}

/** As its command line has it, with a bearer token. */
export function mcpOpenapi(document: string, baseUrl: string): ApiServer {
  const cli = join(dirname(require.resolve("mcp-openapi")), "../bin/mcp-openapi.js");
  const auth = ["--auth-type", "bearer", "--auth-token", "bench"];
  return { start: () => open([cli, "--spec", document, "--base-url", baseUrl, ...auth]), tool: snake };
}

/** The project it generates; the document has no security scheme, so no token is sent. */
export function generated(folder: string, document: string): ApiServer {
  const main = generateProject(folder, document);
  return { start: () => open([main]), tool: (operationId) => operationId };
}

/** Whether policies are Cedar's, in a file, or the scopes alone. */
export interface OurOptions {
  readonly cedar: boolean;
}

/** Ours: audit log on disk before each answer, a token from a secret file, both schemas checked, redaction, marks. */
export function ours(folder: string, document: string, baseUrl: string, { cedar }: OurOptions): ApiServer {
  mkdirSync(folder, { recursive: true });
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const config = file(
    "config.json",
    JSON.stringify({
      limits: { callsPerMinute: 1_000_000, concurrency: 64 },
      ...(cedar
        ? { policy: file("reads.cedar", '@id("reads") permit (principal, action in Action::"read", resource);\n') }
        : {}),
      apis: {
        bench: { spec: document, baseUrl, credential: { type: "bearer", token: { file: file("token", "bench") } } },
      },
    }),
  );
  const cli = join(dirname(require.resolve("@hardened-mcp/http-api/package.json")), "dist/cli.js");
  return { start: () => open([cli, "--config", config, "--audit-dir", join(folder, "audit")]), tool: snake };
}

async function open(command: readonly string[]): Promise<{ client: LineClient; tools: number }> {
  const client = new LineClient(process.execPath, command);
  await client.open();
  let tools = 0;
  let cursor: string | undefined;
  do {
    const { result } = await client.request("tools/list", cursor === undefined ? {} : { cursor });
    const page = result as { tools?: unknown[]; nextCursor?: string } | undefined;
    tools += page?.tools?.length ?? 0;
    cursor = page?.nextCursor;
  } while (cursor !== undefined);
  return { client, tools };
}
