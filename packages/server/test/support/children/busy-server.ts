/** A server whose calls end in every way there is, and some in none. Run as a child process. */
import { setTimeout } from "node:timers/promises";
import { openAuditLog } from "@hardened-mcp/audit";
import { z } from "zod";
import { defineTool } from "../../../src/define/tool.ts";
import { serve } from "../../../src/serve.ts";
import { createServer } from "../../../src/server.ts";

const [, , dir = "", mode = "stdio"] = process.argv;
const audit = await openAuditLog({ dir, server: "busy" });

const tool = (name: string, effect: "read" | "write", run: (signal: AbortSignal) => Promise<unknown>) =>
  defineTool({
    name,
    description: "One way to end.",
    effect,
    scope: "x:use",
    input: z.strictObject({}),
    output: z.strictObject({}),
    limits: { concurrency: 1_000, callsPerMinute: 1_000_000 },
    run: async (_, { signal }) => {
      process.stderr.write(`${name} runs\n`);
      await run(signal);
      return {};
    },
  });

const server = createServer({
  name: "busy",
  version: "1.0.0",
  enable: ["write"],
  audit,
  tools: [
    tool("quick", "read", async () => undefined),
    tool("slow", "write", (signal) => setTimeout(100, undefined, { signal })),
    tool("patient", "write", (signal) => setTimeout(600_000, undefined, { signal })),
    // Hears nothing and never ends.
    tool("deaf", "write", () => new Promise(() => undefined)),
  ],
});
await serve(server, {
  ...(mode === "http" ? { http: { port: 0 } } : { stdio: true }),
  drainMs: 300,
  onStop: () => audit.close(),
});
