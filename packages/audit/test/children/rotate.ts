// Says that it begins, and changes the signing key of the folder argv[2].
import { writeSync } from "node:fs";
import { rotateSigningKey } from "../../src/index.ts";

writeSync(1, "begin\n");
await rotateSigningKey({ dir: process.argv[2] ?? "" });
