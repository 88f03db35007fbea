import { ascii } from "./ascii.ts";
import type { AuditRecord } from "./audit-record.ts";

type Cell = string | number | boolean | null | undefined;

/** Fixed: a column is added at the end, never moved. */
const COLUMNS: Readonly<Record<string, (record: AuditRecord) => Cell>> = {
  log: ({ log }) => log,
  seq: ({ seq }) => seq,
  time: ({ ts }) => ts,
  type: ({ type }) => type,
  ref: ({ ref }) => ref,
  trace: ({ trace }) => trace,
  issuer: ({ actor }) => actor?.issuer,
  subject: ({ actor }) => actor?.subject,
  client: ({ actor }) => actor?.client,
  tenant: ({ actor }) => actor?.tenant,
  tool: ({ tool }) => tool?.name,
  tool_def: ({ tool }) => tool?.def,
  tool_effect: ({ tool }) => tool?.effect,
  decision: ({ decision }) => decision?.effect,
  step: ({ decision }) => decision?.step,
  rule: ({ decision }) => decision?.rule,
  code: ({ outcome, decision }) => outcome?.code ?? decision?.code,
  is_error: ({ outcome }) => outcome?.isError,
  bytes: ({ outcome }) => outcome?.bytes,
  ms: ({ outcome }) => outcome?.ms,
  truncated: ({ outcome }) => outcome?.truncated,
  args_digest: ({ args }) => args?.digest,
  args_bytes: ({ args }) => args?.bytes,
  args_shape: ({ args }) => json(args?.shape),
  args_plain: ({ args }) => json(args?.plain),
  args_hashed: ({ args }) => json(args?.hashed),
  detail: ({ detail }) => json(detail),
  hash: ({ hash }) => hash,
};

export const csvColumns: readonly string[] = Object.keys(COLUMNS);
const READERS = Object.values(COLUMNS);

export const csvHead = `${csvColumns.join(",")}\r\n`;

/** One line of CSV (RFC 4180), with its line end. */
export function csvRow(record: AuditRecord): string {
  return `${READERS.map((read) => cell(read(record))).join(",")}\r\n`;
}

/**
 * Spreadsheets take a cell that begins so for a formula, and run it on the auditor's machine (CWE-1236). A quote in front
 * makes it text. A cell that begins with a quote gets one, too: so whoever takes one leading quote off every cell has the
 * value again, which matters, for a base64url hash may begin with `-`.
 */
const FORMULA = /^[=+\-@\t\r']/;
const TO_QUOTE = /[",\r\n]/;

function cell(value: Cell): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = ascii(value);
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return TO_QUOTE.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

function json(value: object | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
