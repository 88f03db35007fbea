// Starts to ship the folder argv[2] to argv[3], and has nothing else to do.
import { startShipping } from "../../../src/ship/index.ts";

const [, , dir = "", url = ""] = process.argv;
await startShipping({ dir, exports: [{ otlp: { url } }] });
