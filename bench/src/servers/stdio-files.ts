// The filesystem server on the folder argv[2]; with `--audit` as it is shipped, without it with nothing on record.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuditSlot } from "@hardened-mcp/audit";
import { configSchema, createFilesystemServer, openRoots } from "@hardened-mcp/filesystem";
import { serve } from "@hardened-mcp/server";
import { noAudit } from "./echo-tool.ts";

const config = configSchema.parse({
  roots: [process.argv[2] ?? ""],
  limits: { callsPerMinute: 1_000_000, concurrency: 64 },
});
const roots = openRoots(config, () => undefined);
const audit = process.argv.includes("--audit")
  ? await openAuditSlot({ dir: mkdtempSync(join(tmpdir(), "bench-audit-")), server: "filesystem" })
  : noAudit;
await serve(createFilesystemServer({ config, roots, audit, version: "0.0.0" }), { stdio: true });
