import type { Matrix, MatrixCell } from "./matrix.ts";

export type MatrixFormat = "table" | "csv" | "markdown";

/** A matrix as text: for a terminal, a spreadsheet or a document. Ends with a line feed. */
export function renderMatrix(matrix: Matrix, format: MatrixFormat): string {
  const head = ["server", "operation", "effect", "scope", ...matrix.columns];
  const lines = matrix.rows.map(({ server, method, name, effect, scope, cells }) => [
    server,
    method === "tools/call" ? name : `${method === "prompts/get" ? "prompt" : "resource"} ${name}`,
    effect,
    scope,
    ...cells.map(cellText),
  ]);
  const table = [head, ...lines];
  if (format === "csv") return table.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
  if (format === "markdown") return markdown(table);
  return aligned(table);
}

function cellText({ outcome, on, approval }: MatrixCell): string {
  if (outcome !== "depends") return outcome;
  const then = approval === "always" ? ", approve" : approval === "sometimes" ? ", perhaps approve" : "";
  return `depends (${on.join(" ")})${then}`;
}

/** RFC 4180; and a spreadsheet takes what begins with one of these for a formula, quoted or not (CWE-1236). */
function csvCell(cell: string): string {
  const text = onOneLine(cell);
  const plain = /^\s*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]/u.test(text) ? `'${text}` : text;
  return /[",;]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownCell).join(" | ")} |\n`;
  return [line(head), `|${head.map(() => " --- |").join("")}\n`, ...rows.map(line)].join("");
}

/** Names are text here and not markup: no cell ends a row, links or opens a tag. */
function markdownCell(text: string): string {
  return onOneLine(text).replace(/[\\`*_{}[\]<>|#!~]/g, (character) => `\\${character}`);
}

function aligned(table: readonly (readonly string[])[]): string {
  const rows = table.map((row) => row.map(onOneLine));
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** A role's name comes from a file; it must not move the cursor of a terminal. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}
