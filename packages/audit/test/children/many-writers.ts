// Opens the log argv[2] and writes with 32 callers for ever; prints a call's ref once its record is durable.
import { writeSync } from "node:fs";
import { openAuditLog } from "../../src/index.ts";
import { intent, outcome } from "./events.ts";

const log = await openAuditLog({ dir: process.argv[2] ?? "", server: "test" });

async function caller(name: number): Promise<never> {
  for (let i = 0; ; i++) {
    const ref = `${process.pid}.${name}.${i}`;
    log.write(i % 2 === 0 ? intent(ref) : outcome(ref));
    await log.durable();
    writeSync(1, `${ref}\n`);
  }
}

for (let name = 0; name < 32; name++) void caller(name);
