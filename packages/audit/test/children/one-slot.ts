// Opens a sub-log of the folder argv[2], prints its folder and public key, and goes.
import { writeSync } from "node:fs";
import { openAuditSlot } from "../../src/index.ts";

const log = await openAuditSlot({ dir: process.argv[2] ?? "", server: "test" });
writeSync(1, JSON.stringify({ dir: log.dir, key: log.publicKey }));
await new Promise((resolve) => process.stdin.once("data", resolve));
await log.close();
process.exit(0);
