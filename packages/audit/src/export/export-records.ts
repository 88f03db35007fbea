import { csvHead, csvRow } from "./csv.ts";
import type { LoggedRecord } from "./line-check.ts";
import { ocsfLine } from "./ocsf/to-ocsf.ts";
import { type ReadOptions, readRecords } from "./read-records.ts";

/** How records leave: as the lines they are, as rows for a spreadsheet, as events for a SIEM. */
export type ExportFormat = "jsonl" | "csv" | "ocsf";

interface Writer {
  readonly head: string;
  row(logged: LoggedRecord): string;
}

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  jsonl: { head: "", row: ({ line }) => `${line}\n` },
  csv: { head: csvHead, row: ({ record }) => csvRow(record) },
  ocsf: { head: "", row: ({ record }) => ocsfLine(record) },
};

export const exportFormats: readonly ExportFormat[] = Object.keys(WRITERS) as ExportFormat[];

/** Options of {@link exportRecords}. */
export interface ExportOptions extends ReadOptions {
  readonly format: ExportFormat;
}

/** A stretch of the export, and how many records are in it. */
export interface ExportChunk {
  /** Printable ASCII and line ends. */
  readonly text: string;
  readonly records: number;
}

/** Bytes gathered before they are handed on: one write for some hundred records. */
const CHUNK = 64 * 1024;

/**
 * The records of a log in another form, in constant memory.
 *
 * @throws {AuditError} as `readRecords`; what was given out before stands, and is then not the whole log
 */
export async function* exportRecords(dir: string, options: ExportOptions): AsyncGenerator<ExportChunk, void, void> {
  const { head, row } = WRITERS[options.format];
  let text = head;
  let records = 0;
  for await (const logged of readRecords(dir, options)) {
    text += row(logged);
    records++;
    if (text.length < CHUNK) continue;
    yield { text, records };
    text = "";
    records = 0;
  }
  if (text !== "") yield { text, records };
}
