// Runs `hardened-mcp audit verify` on the log argv[2], and prints what it found, milliseconds and peak memory as JSON.
import { main } from "@hardened-mcp/cli";

let text = "";
const from = performance.now();
const code = await main(
  ["audit", "verify", process.argv[2] ?? "", "--json"],
  { write: (part) => (text += part) },
  process.stderr,
);
const ms = performance.now() - from;
const { records } = JSON.parse(text) as { records: number };
console.log(JSON.stringify({ code, records, ms, peakBytes: process.resourceUsage().maxRSS * 1024 }));
