// Ships the folder argv[2] to argv[3] once, in an environment that tries to interfere.
import { startShipping } from "../../../src/ship/index.ts";

const [, , dir = "", url = ""] = process.argv;
const shipping = await startShipping({ dir, exports: [{ otlp: { url, timeoutMs: 2000 } }] });
await shipping.close({ flushMs: 3000 });
process.stdout.write(JSON.stringify(shipping.status()));
