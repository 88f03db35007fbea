import { verifyAuditLog } from "../../src/verify/verify.ts";
import { testSigner } from "../support/keys.ts";

/** Verifies the log in a folder and prints the figures as JSON; a process of its own, so that its memory is its own. */
const [dir = ""] = process.argv.slice(2);
const started = performance.now();
const { status, records } = await verifyAuditLog(dir, { keys: [testSigner("key-1").key] });
const seconds = (performance.now() - started) / 1000;
const figures = {
  status,
  records,
  seconds,
  perSecond: Math.round(records / seconds),
  peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
