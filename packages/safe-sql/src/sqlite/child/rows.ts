import type { SQLInputValue, StatementSync } from "node:sqlite";

export interface RowLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly maxCellBytes: number;
}

/** Rows of a page, as JSON text. */
export interface RowsRead {
  readonly json: string;
  readonly count: number;
  readonly cutCells: number;
  /** There was a row more. */
  readonly more: boolean;
  /** Values of the column asked for, in order, where it was asked for and all are integers. */
  readonly keys: readonly (number | bigint)[] | undefined;
}

/**
 * Steps through a result as far as the limits go and not a row further, so a result of any size holds no more than a page.
 *
 * @param skip rows to pass over first
 * @param keyColumn index of a column whose values are wanted, for a cursor
 * @throws ERR_OUT_OF_RANGE where integers do not fit a number and `statement` does not read BigInts
 */
export function readRows(
  statement: StatementSync,
  params: SQLInputValue[],
  limits: RowLimits,
  skip: number,
  keyColumn: number | undefined,
): RowsRead {
  const parts: string[] = [];
  const counted = { cut: 0 };
  let keys: (number | bigint)[] | undefined = keyColumn === undefined ? undefined : [];
  let bytes = 2;
  let more = false;
  let passed = 0;
  for (const row of statement.iterate(...params) as unknown as Iterable<unknown[]>) {
    if (passed++ < skip) {
      continue;
    }
    if (parts.length === limits.maxRows) {
      more = true;
      break;
    }
    const key = keyColumn === undefined ? undefined : row[keyColumn];
    const json = rowJson(row, limits.maxCellBytes, counted);
    bytes += Buffer.byteLength(json) + 1;
    if (bytes > limits.maxBytes && parts.length > 0) {
      more = true;
      break;
    }
    parts.push(json);
    if (typeof key === "number" || typeof key === "bigint") {
      keys?.push(key);
    } else {
      keys = undefined;
    }
  }
  return { json: `[${parts.join()}]`, count: parts.length, cutCells: counted.cut, more, keys };
}

function rowJson(row: unknown[], maxCellBytes: number, counted: { cut: number }): string {
  for (let index = 0; index < row.length; index++) {
    const cell = row[index];
    if (typeof cell === "string") {
      // A character is at most 6 bytes of JSON: most texts need no closer look.
      if (cell.length * 6 > maxCellBytes) {
        row[index] = cutText(cell, maxCellBytes, counted);
      }
    } else if (typeof cell === "number") {
      if (!Number.isFinite(cell)) {
        row[index] = String(cell);
      }
    } else if (typeof cell === "bigint") {
      row[index] = Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
    } else if (cell instanceof Uint8Array) {
      row[index] = blob(cell, maxCellBytes, counted);
    }
  }
  return JSON.stringify(row);
}

function cutText(text: string, maxBytes: number, counted: { cut: number }): string {
  if (text.length + 2 <= maxBytes && Buffer.byteLength(JSON.stringify(text)) <= maxBytes) {
    return text;
  }
  counted.cut++;
  const mark = `…[cut: ${text.length} characters]`;
  const room = Math.max(0, maxBytes - Buffer.byteLength(mark) - 2);
  let kept = text.slice(0, room);
  for (let size = jsonBytes(kept); size > room && kept !== ""; size = jsonBytes(kept)) {
    kept = kept.slice(0, Math.min(kept.length - 1, Math.floor((kept.length * room) / size)));
  }
  return kept.slice(0, /[\uD800-\uDBFF]$/.test(kept) ? -1 : undefined) + mark;
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

function blob(bytes: Uint8Array, maxBytes: number, counted: { cut: number }): { base64: string; bytes?: number } {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const room = Math.max(0, Math.floor(((maxBytes - 40) * 3) / 4));
  if (all.length <= room) {
    return { base64: all.toString("base64") };
  }
  counted.cut++;
  return { base64: all.toString("base64", 0, room - (room % 3)), bytes: all.length };
}
