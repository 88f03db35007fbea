// Opens a sub-log of the folder argv[2] and prints its folder; records a call for each line of stdin and prints its outcome.
import { createInterface } from "node:readline";
import { openAuditSlot } from "../../src/index.ts";
import { intent } from "./events.ts";

const log = await openAuditSlot({ dir: process.argv[2] ?? "", server: "test" });
process.stdout.write(`${log.dir}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  try {
    log.write(intent(line));
    await log.durable();
    process.stdout.write(`durable\n`);
  } catch (error) {
    process.stdout.write(`${(error as { code: string }).code}\n`);
  }
}
await log.close().catch(() => undefined);
