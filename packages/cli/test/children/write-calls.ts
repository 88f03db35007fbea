// Opens the log argv[2]; for every line on stdin writes a call of that name, durably, and says so; ends with stdin.
import { createInterface } from "node:readline";
import { openAuditLog } from "@hardened-mcp/audit";

const log = await openAuditLog({ dir: process.argv[2] ?? "", server: "test", maxSegmentBytes: 64 * 1024 });
process.stdout.write("open\n");
for await (const ref of createInterface({ input: process.stdin })) {
  const tool = { name: "write_file", effect: "write" } as const;
  const actor = { subject: "alice" };
  const decision = { effect: "allow", step: "authorize" } as const;
  log.write({ type: "call.intent", ref, actor, tool, args: log.digest({}), decision });
  log.write({ type: "call.outcome", ref, actor, tool, outcome: { code: "ok", isError: false, bytes: 2, ms: 3.25 } });
  await log.durable();
  process.stdout.write(`${ref}\n`);
}
await log.close();
