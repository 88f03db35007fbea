import { basename } from "node:path";
import { styleText } from "node:util";
import { type AuditRecord, judge, type LoggedRecord } from "@hardened-mcp/audit/export";
import { printable } from "../printable.ts";

/** Widths of the columns; what is longer is cut, and `--json` has it whole. */
const WIDTH = { who: 16, tool: 24, what: 18, code: 16, ms: 11, ref: 24, more: 96 } as const;

/** How lines are written. */
export interface LineStyle {
  readonly colour: boolean;
  /** The folder that was asked for; records of its sub-logs are marked. */
  readonly dir: string;
}

/** One line for people: time, who, tool, what happened, code, milliseconds, reference, and what else there is to know. */
export function tailLine({ record, dir }: LoggedRecord, style: LineStyle): string {
  const { ts, type, actor, tool, decision, outcome, ref, detail } = record;
  const who = actor?.subject ?? actor?.client ?? text(detail?.["who"]);
  const code = outcome?.code ?? decision?.code ?? decision?.effect;
  const ms = typeof outcome?.ms === "number" ? `${outcome.ms.toFixed(1)} ms` : "";
  const cells = [
    ts,
    ...(dir === style.dir ? [] : [`#${printable(basename(dir))}`.padEnd(3)]),
    column(who, WIDTH.who),
    column(tool?.name, WIDTH.tool),
    paint(column(type, WIDTH.what), record, style),
    paint(column(code, WIDTH.code), record, style),
    ms.padStart(WIDTH.ms),
    column(ref, WIDTH.ref),
    cut(more(record), WIDTH.more),
  ];
  return `${cells.join(" ").trimEnd()}\n`;
}

/** Why it was refused, and the details. The definitions of all tools at a start are for programs. */
function more({ decision, detail = {} }: AuditRecord): string {
  const why = decision === undefined ? [] : [decision.step, ...(decision.rule === undefined ? [] : [decision.rule])];
  const facts = Object.entries(detail)
    .filter(([name]) => !name.startsWith("tool."))
    .map(([name, value]) => `${name}=${String(value)}`);
  return [why.join(":"), ...facts].filter((part) => part !== "").join(" ");
}

function paint(cell: string, record: AuditRecord, { colour }: LineStyle): string {
  if (!colour) return cell;
  const { severity, status } = judge(record);
  if (severity === "high") return styleText(["bold", "red"], cell, { validateStream: false });
  if (status === "failure" || severity === "medium") return styleText("red", cell, { validateStream: false });
  if (severity === "low" || severity === undefined) return styleText("yellow", cell, { validateStream: false });
  return status === "success" ? styleText("green", cell, { validateStream: false }) : cell;
}

/** Nothing from a log reaches a terminal as it is. */
function cut(value: string, width: number): string {
  // Cut before escaping, too: a long text is not escaped to its end for nothing.
  const safe = printable(value.slice(0, width + 1));
  return safe.length > width ? `${safe.slice(0, width - 3)}...` : safe;
}

function column(value: string | undefined, width: number): string {
  return cut(value === undefined || value === "" ? "-" : value, width).padEnd(width);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
