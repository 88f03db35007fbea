import { z } from "zod";
import { projectCommand } from "../../../../src/command-line/index.ts";
import { projectConfig } from "../../../../src/config/index.ts";
import { createServer, defineTool } from "../../../../src/index.ts";

const config = projectConfig({
  greeting: z.string().max(100).default("Hello").describe("What is said."),
  file: z.string().exactOptional().describe("A file that is served."),
});

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

export const { main, exitCodeOf } = projectCommand({
  name: "project",
  about: "A project of its own.",
  module: import.meta.url,
  config,
  variables: { HARDENED_MCP_GREETING: ["greeting", "text"] },
  served: ({ file }): Record<string, string> => (file === undefined ? {} : { file }),
  create: ({ options, describing }) => ({
    server: createServer({ ...options(), tools: [tool("say", "read"), tool("change", "write")] }),
    close: async () => void process.stderr.write(describing ? "described\nclosed\n" : "served\nclosed\n"),
  }),
});
