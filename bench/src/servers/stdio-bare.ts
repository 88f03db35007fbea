// Floor: lines in, lines out, no protocol, no checks.
import { createInterface } from "node:readline";

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line) as {
    id?: number;
    method: string;
    params?: { arguments: { text: string } };
  };
  if (id === undefined) return;
  const result = method === "tools/call" ? { content: [{ type: "text", text: params?.arguments.text }] } : {};
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
});
