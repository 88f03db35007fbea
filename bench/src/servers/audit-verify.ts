// Verifies the log argv[2] and prints records, milliseconds and peak memory in bytes, as one line of JSON.
import { verifyAuditLog } from "@hardened-mcp/audit";

const from = performance.now();
const { status, records } = await verifyAuditLog(process.argv[2] ?? "");
const ms = performance.now() - from;
console.log(JSON.stringify({ status, records, ms, peakBytes: process.resourceUsage().maxRSS * 1024 }));
