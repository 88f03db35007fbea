/** A server whose handlers, and a "library", write to standard output in every way they know. Run as a child process. */
import { openAuditLog } from "@hardened-mcp/audit";
import { z } from "zod";
import { defineTool } from "../../../src/define/tool.ts";
import { serve } from "../../../src/serve.ts";
import { createServer } from "../../../src/server.ts";

const [, , dir = "", mode = "stdio"] = process.argv;
const audit = await openAuditLog({ dir, server: "noisy" });

const noisy = defineTool({
  name: "noisy",
  description: "Writes where it should not.",
  effect: "read",
  scope: "x:use",
  input: z.strictObject({}),
  output: z.strictObject({ text: z.string() }),
  run: () => {
    console.log("noise from console.log");
    console.info('{"jsonrpc":"2.0","method":"forged"}');
    console.table([{ noise: 1 }]);
    process.stdout.write("noise from process.stdout\n");
    process.stdout.write(Buffer.from("noise as bytes\n"));
    return { text: "done" };
  },
});
const slow = defineTool({
  name: "slow",
  description: "Ends when the process is told to stop.",
  effect: "read",
  scope: "x:use",
  input: z.strictObject({}),
  output: z.strictObject({ text: z.string() }),
  run: () =>
    new Promise<{ text: string }>((resolve) => {
      process.stderr.write("slow has started\n");
      process.once("SIGTERM", () => setImmediate(() => resolve({ text: "finished while stopping" })));
    }),
});

const server = createServer({ name: "noisy", version: "1.0.0", tools: [noisy, slow], audit });
await serve(server, {
  ...(mode === "http" ? { http: { port: 0 } } : { stdio: true }),
  onStop: () => audit.close(),
});
