import { AuditError, parseAnchor, type VerifyReport, type VerifyStatus, verifyAuditLog } from "@hardened-mcp/audit";
import type { Command } from "./command.ts";
import { describeReport } from "./describe-report.ts";
import { UsageError } from "./exit.ts";
import { asciiJson } from "./printable.ts";

const EXIT: Readonly<Record<VerifyStatus, number>> = { intact: 0, tampered: 1, shorter: 2, unreadable: 3 };

export const auditVerify: Command = {
  help: `Reads the log in DIR, or every sub-log of it, and checks each record and the chain between them.
Changes nothing; may run beside the server.

  --anchor SEQ:HASH  a head printed by an earlier run and kept elsewhere; the log must still contain it
  --json             the whole report as JSON

Exit code: 0 intact, 1 tampered, 2 shorter than an anchor, 3 unreadable.
Without an anchor, a log whose end was cut off, or that was rewritten as a whole, looks intact.
`,
  options: { anchor: { type: "string", multiple: true }, json: { type: "boolean" } },
  async run(flags, out) {
    const [dir, ...rest] = flags.positionals;
    if (dir === undefined || dir === "" || rest.length > 0) throw new UsageError("name one folder");
    const report = await verify(dir, flags.values("anchor"));
    out.write(flags.given("json") ? asciiJson(report) : describeReport(report));
    return EXIT[report.status];
  },
};

async function verify(dir: string, anchors: readonly string[]): Promise<VerifyReport> {
  try {
    return await verifyAuditLog(dir, { anchors: anchors.map(parseAnchor) });
  } catch (error) {
    if (error instanceof AuditError && error.code === "invalid") throw new UsageError(error.message);
    // Anything unforeseen must not end as 1, which scripts read as "tampered".
    return { status: "unreadable", records: 0, logs: [] };
  }
}
