import { McpServer } from "@modelcontextprotocol/server";
import { input, output } from "./echo-tool.ts";

/** The echo tool as the SDK's documentation would write it. */
export function sdkEcho(): McpServer {
  const server = new McpServer({ name: "bench", version: "1.0.0" });
  server.registerTool(
    "echo",
    { description: "Answer with the same text.", inputSchema: input, outputSchema: output },
    async ({ text }) => ({ content: [{ type: "text", text: JSON.stringify({ text }) }], structuredContent: { text } }),
  );
  return server;
}
