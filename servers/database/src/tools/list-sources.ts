import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { DatabaseContext } from "../context.ts";
import { databaseTool } from "./database-tool.ts";

const source = z.strictObject({
  name: z.string(),
  dialect: z.enum(["sqlite", "postgres"]),
  writable: z.boolean(),
  description: z.string().optional(),
});

/** Names the databases. Their addresses and files are nobody's business. */
export function listSources({ sources }: DatabaseContext): ToolDefinition {
  return databaseTool({
    name: "list_sources",
    title: "List Sources",
    description: "List the databases that are served, each with its SQL dialect.",
    input: z.strictObject({}),
    output: z.strictObject({ sources: z.array(source) }),
    untrusted: false,
    run: () => ({
      sources: [...sources.values()].map(({ name, description, source: { dialect, writable } }) => ({
        name,
        dialect,
        writable,
        ...(description === undefined ? {} : { description }),
      })),
    }),
  });
}
