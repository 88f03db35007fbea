import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuditLog } from "@hardened-mcp/audit";
import { serve } from "@hardened-mcp/server";
import { guardedEcho, noAudit } from "./echo-tool.ts";

const audited = process.argv.includes("--audit");
const audit = audited
  ? await openAuditLog({ dir: mkdtempSync(join(tmpdir(), "bench-audit-")), server: "bench" })
  : noAudit;
await serve(guardedEcho(audit), { stdio: true });
