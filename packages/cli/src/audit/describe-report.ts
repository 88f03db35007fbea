import type { LogReport, VerifyReport } from "@hardened-mcp/audit";
import { printable } from "../printable.ts";

/** The report for people: the verdict first, then what to know about each log. */
export function describeReport(report: VerifyReport): string {
  const lines = [`${report.status}: ${report.records} good records in ${report.logs.length} log(s)`];
  for (const problem of report.problems) lines.push(`  ${printable(problem)}`);
  for (const warning of report.warnings) lines.push(`  note: ${printable(warning)}`);
  for (const log of report.logs) lines.push("", ...describeLog(log));
  return `${lines.join("\n")}\n`;
}

function describeLog(log: LogReport): string[] {
  const lines = [`${printable(log.dir)}: ${log.status}`];
  if (log.logId !== undefined) lines.push(`  log ${printable(log.logId)}`);
  if (log.firstBad) {
    const { seq, file, line, reason } = log.firstBad;
    lines.push(`  first bad record: ${seq}`, `  in ${printable(file)}, line ${line}: ${printable(reason)}`);
  }
  if (log.status === "shorter") lines.push(`  the log once had ${log.shorterThan} records: its end was cut off`);
  if (log.from > 0) lines.push(`  begins at record ${log.from}: the log deleted the ones before, on record`);
  if (log.head) lines.push(...signatures(log), `  head ${log.head.seq}:${log.head.hash}`);
  if (log.head && log.status === "intact") {
    lines.push("  keep the head, or the newest checkpoint, off this machine; check later with --anchor");
  }
  if (log.anchorsMatched > 0) lines.push(`  agrees with ${log.anchorsMatched} anchor(s)`);
  if (log.unfinished > 0) {
    lines.push(`  ${log.unfinished} call(s) without an outcome, at record ${log.unfinishedSeqs.join(", ")}`);
  }
  return [...lines, ...log.warnings.map((warning) => `  note: ${printable(warning)}`)];
}

function signatures({ checkpoints, signed, unsigned, keys }: LogReport): string[] {
  const lines = [`  ${checkpoints} checkpoint(s), the last of ${signed} records; ${unsigned} after it not signed`];
  for (const { name, id, from, firstSize, lastSize } of keys) {
    const sizes = firstSize === undefined ? "" : `, sizes ${firstSize} to ${lastSize}`;
    lines.push(`  signed by ${printable(name)} ${id} (${from})${sizes}`);
  }
  return lines;
}
