/** Uses digest keys that live for a moment, for ever. Run as a child process, and killed. */
import { openDigester } from "../../src/args/digest-key.ts";

const [, , dir = ""] = process.argv;
let now = 1_800_000_000_000;
const digester = openDigester(dir, { digestKeyMs: 1, now: () => now++ });
process.stdout.write("rolling\n");
for (;;) digester.digest("x");
