import { z } from "zod";
import { projectCommand } from "../../../../src/command-line/index.ts";
import { projectConfig, projectOptions } from "../../../../src/config/index.ts";
import { createServer, defineTool } from "../../../../src/index.ts";

export { exitCodeOf } from "../../../../src/command-line/index.ts";

const config = projectConfig({ greeting: z.string().max(100).default("Hello").describe("What is said.") });

const tool = (name: string, effect: "read" | "write") =>
  defineTool({
    name,
    description: "Say something.",
    effect,
    scope: `project:${effect}`,
    input: z.strictObject({}),
    output: z.strictObject({ text: z.string() }),
    run: () => ({ text: name }),
  });

export const main = projectCommand({
  name: "project",
  about: "A project of its own.",
  module: import.meta.url,
  config,
  variables: { HARDENED_MCP_GREETING: ["greeting", "text"] },
  create: ({ config: set, audit, version, security, describing }) => ({
    server: createServer({
      name: "project",
      version,
      tools: [tool("say", "read"), tool("change", "write")],
      audit,
      ...projectOptions(set),
      ...security,
    }),
    close: async () => void process.stderr.write(describing ? "described\nclosed\n" : "served\nclosed\n"),
  }),
});
