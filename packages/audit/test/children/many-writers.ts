// Opens the log argv[2] and writes with 32 callers for ever; prints a call's ref once its record is durable. Small segments
// and frequent checkpoints, so that a kill meets every moment of their making. argv[3]: segments to keep, where not all.
import { writeSync } from "node:fs";
import { openAuditLog } from "../../src/index.ts";
import { intent, outcome } from "./events.ts";

const [dir = "", keep] = process.argv.slice(2);
const log = await openAuditLog({
  dir,
  server: "test",
  maxSegmentBytes: 64 * 1024,
  checkpointRecords: 20,
  ...(keep === undefined ? {} : { keepSegments: Number(keep) }),
});

async function caller(name: number): Promise<never> {
  for (let i = 0; ; i++) {
    const ref = `${process.pid}.${name}.${i}`;
    log.write(i % 2 === 0 ? intent(ref) : outcome(ref));
    await log.durable();
    writeSync(1, `${ref}\n`);
  }
}

for (let name = 0; name < 32; name++) void caller(name);
