// Reads the log argv[2] to its end and prints how many records it has.
import { readRecords } from "../../src/export/index.ts";

let count = 0;
for await (const _ of readRecords(process.argv[2] ?? "")) count++;
process.stdout.write(String(count));
