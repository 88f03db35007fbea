// Holds and lets go of the file argv[2] by turns with others, and takes it along each time; prints how often it was alone,
// and "not alone" when it was not.
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { holdFile } from "../../src/folder/kernel-lock.ts";

const [path = "", rounds = ""] = process.argv.slice(2);
const busy = `${path}.busy`;
let alone = 0;
process.stdout.write("ready\n");
process.stdin.once("data", () => {
  while (alone < Number(rounds)) {
    const held = holdFile(path);
    if (held === undefined) continue;
    try {
      closeSync(openSync(busy, "wx"));
    } catch {
      writeSync(1, "not alone\n");
      process.exit();
    }
    rmSync(busy);
    alone++;
    held.release({ remove: true });
  }
  writeSync(1, `${alone}\n`);
  process.exit();
});
