// What the SDK's documentation would lead to: a tool that fetches and hands on what came. The base URL is the one argument.
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

const [, , baseUrl = ""] = process.argv;
const input = z.strictObject({
  id: z.string().max(64),
  view: z.enum(["short", "full"]).optional(),
  page: z.int().min(1).optional(),
});
const line = z.strictObject({ sku: z.string(), quantity: z.int(), price: z.number() });
const record = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(["open", "closed"]),
  amount: z.number(),
  currency: z.string(),
  createdAt: z.string(),
  owner: z.strictObject({ id: z.string(), name: z.string(), team: z.string() }),
  tags: z.array(z.string()),
  lines: z.array(line),
  note: z.string(),
});
const table = z.strictObject({ id: z.string(), rows: z.array(record) });

function bareApi(): McpServer {
  const server = new McpServer({ name: "bench", version: "1.0.0" });
  for (const [name, room, body] of [
    ["get_record", "records", record],
    ["get_table", "tables", table],
    ["get_huge", "huge", record],
  ] as const) {
    server.registerTool(
      name,
      {
        description: "Answers with what it stands for.",
        inputSchema: input,
        outputSchema: z.strictObject({ status: z.int(), body }),
      },
      async ({ id, view, page }) => {
        const url = new URL(`${baseUrl}/${room}/${encodeURIComponent(id)}`);
        if (view !== undefined) url.searchParams.set("view", view);
        if (page !== undefined) url.searchParams.set("page", String(page));
        const answer = await fetch(url, { headers: { authorization: "Bearer bench" } });
        const structuredContent = { status: answer.status, body: await answer.json() };
        return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
      },
    );
  }
  return server;
}

serveStdio(bareApi);
