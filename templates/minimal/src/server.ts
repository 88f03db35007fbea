import { createServer, defineTool, type GuardedServer } from "@hardened-mcp/server";
import type { ProjectParts } from "@hardened-mcp/server/command-line";
import { projectOptions } from "@hardened-mcp/server/config";
import { z } from "zod";
import type { Config } from "./config.ts";

export function createMyServer({ config, audit, version, security }: ProjectParts<Config>): GuardedServer {
  const readNote = defineTool({
    name: "read_note",
    description: "Read one note by its id.",
    effect: "read",
    scope: "notes:read",
    input: z.strictObject({ id: z.string().max(64) }),
    output: z.strictObject({ text: z.string() }),
    run: ({ id }) => ({ text: id }),
  });
  return createServer({
    name: "my-server",
    version,
    tools: [readNote],
    audit,
    ...projectOptions(config),
    ...security,
  });
}
