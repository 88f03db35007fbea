import { AuditError, type VerifyReport, type VerifyStatus, verifyAuditLog } from "@hardened-mcp/audit";
import type { Command } from "../command.ts";
import { UsageError } from "../exit.ts";
import { parseDuration } from "../input/duration.ts";
import { asciiJson } from "../printable.ts";
import { readAnchors } from "./anchors.ts";
import { oneFolder, wholeNumber } from "./arguments.ts";
import { describeReport } from "./describe-report.ts";
import { PUB_HELP, publicKeys, pubOption } from "./keys.ts";
import { keepHeapLean } from "./lean-heap.ts";

const EXIT: Readonly<Record<VerifyStatus, number>> = { intact: 0, tampered: 1, shorter: 2, unreadable: 3 };

export const auditVerify: Command = {
  help: `Reads the log in DIR, or every sub-log of it: each record, the chain and the tree over them, and each signature.
Changes nothing; may run beside the server.

${PUB_HELP}                     default: signing.pub of the folder, which whoever may write there could have replaced
  --anchor SEQ:HASH|FILE
                     a head printed by an earlier run, or a file of checkpoints, kept elsewhere; the log must contain it
  --max-unsigned N   records that may follow the last checkpoint; default 10000
  --max-unsigned-for DURATION
                     for how long; default 15m, more for a log that was set to sign more rarely
  --json             the whole report as JSON

Exit code: 0 intact, 1 tampered, 2 shorter than an anchor or a checkpoint, or a sub-log
is gone, 3 unreadable.
Without an anchor, a log whose newest records were cut off together with their checkpoints looks intact.
`,
  options: {
    ...pubOption,
    anchor: { type: "string", multiple: true },
    "max-unsigned": { type: "string" },
    "max-unsigned-for": { type: "string" },
    json: { type: "boolean" },
  },
  async run(flags, out) {
    keepHeapLean();
    const dir = oneFolder(flags);
    const keys = await publicKeys(flags);
    const anchors = readAnchors(flags.values("anchor"));
    const maxUnsigned = wholeNumber(flags, "max-unsigned");
    const report = await verify(dir, {
      keys,
      anchors,
      maxUnsigned,
      maxUnsignedMs: duration(flags.value("max-unsigned-for")),
    });
    out.write(flags.given("json") ? asciiJson(report) : describeReport(report));
    return EXIT[report.status];
  },
};

/** @throws {UsageError} */
function duration(text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseDuration(text);
  if (text !== undefined && ms === undefined)
    throw new UsageError("--max-unsigned-for is a time such as 90s, 30m or 2h");
  return ms;
}

async function verify(dir: string, options: Parameters<typeof verifyAuditLog>[1]): Promise<VerifyReport> {
  try {
    return await verifyAuditLog(dir, options);
  } catch (error) {
    if (error instanceof AuditError && error.code === "invalid") throw new UsageError(error.message);
    // Anything unforeseen must not end as 1, which scripts read as "tampered".
    return { status: "unreadable", records: 0, logs: [], problems: ["it could not be checked"], warnings: [] };
  }
}
