import type { LogReport, VerifyReport } from "@hardened-mcp/audit";
import { printable } from "./printable.ts";

/** The report for people: the verdict first, then what to know about each log. */
export function describeReport(report: VerifyReport): string {
  const lines = [`${report.status}: ${report.records} good records in ${report.logs.length} log(s)`];
  for (const log of report.logs) lines.push("", ...describeLog(log));
  return `${lines.join("\n")}\n`;
}

function describeLog(log: LogReport): string[] {
  const lines = [`${printable(log.dir)}: ${log.status}`];
  if (log.logId !== undefined) lines.push(`  log ${printable(log.logId)}`);
  if (log.firstBad) {
    const { seq, file, line, reason } = log.firstBad;
    lines.push(`  first bad record: ${seq}`, `  in ${printable(file)}, line ${line}: ${reason}`);
  }
  if (log.status === "shorter") lines.push("  the log ends before the anchor: its end was cut off");
  if (log.head) lines.push(`  head ${log.head.seq}:${log.head.hash}`);
  if (log.head && log.status === "intact") lines.push("  keep the head off this machine; check later with --anchor");
  if (log.unfinished > 0) {
    lines.push(`  ${log.unfinished} call(s) without an outcome, at record ${log.unfinishedSeqs.join(", ")}`);
  }
  return [...lines, ...log.warnings.map((warning) => `  note: ${printable(warning)}`)];
}
