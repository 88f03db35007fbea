// Writes until the disk refuses (ulimit -f), then prints what happened as one line of JSON.
import { writeSync } from "node:fs";
import { openAuditLog } from "../../src/index.ts";
import { intent } from "./events.ts";

const log = await openAuditLog({ dir: process.argv[2] ?? "", server: "test" });
let acknowledged = 0;
let durable = "";
let again = "";
try {
  for (;;) {
    log.write(intent(`r${acknowledged}`));
    await log.durable();
    acknowledged++;
  }
} catch (error) {
  durable = (error as { code: string }).code;
}
try {
  log.write(intent("late"));
} catch (error) {
  again = (error as { code: string }).code;
}
await log.close().catch(() => undefined);
writeSync(1, JSON.stringify({ acknowledged, durable, again }));
