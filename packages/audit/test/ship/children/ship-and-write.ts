// Writes to a log below argv[2] without end and ships the folder to argv[3], until it is killed.
import { openAuditSlot } from "../../../src/index.ts";
import { startShipping } from "../../../src/ship/index.ts";
import { intent } from "../../children/events.ts";

const [, , dir = "", url = ""] = process.argv;
const log = await openAuditSlot({ dir, server: "test" });
await startShipping({ dir, exports: [{ otlp: { url, batchRecords: 100 } }] });
process.stdout.write("ready\n");
for (let i = 0; ; i++) {
  log.write(intent(`${process.pid}.${i}`));
  await log.durable();
}
