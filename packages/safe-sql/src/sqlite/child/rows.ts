import type { SQLInputValue, StatementSync } from "node:sqlite";
import { cutText } from "../../cut-text.ts";
import { SqlError } from "../../errors.ts";

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
 * @throws {SqlError} `too_large` where the first row alone is more than a page
 * @throws ERR_OUT_OF_RANGE where integers do not fit a number and `statement` does not read BigInts
 */
export function readRows(
  statement: StatementSync,
  params: SQLInputValue[],
  limits: RowLimits,
  skip: number,
  keyColumn: number | undefined,
): RowsRead {
  const page = new Page(limits);
  let keys: (number | bigint)[] | undefined = keyColumn === undefined ? undefined : [];
  let passed = 0;
  for (const row of statement.iterate(...params) as unknown as Iterable<unknown[]>) {
    if (passed++ < skip) {
      continue;
    }
    const key = keyColumn === undefined ? undefined : row[keyColumn];
    if (!page.add(row)) {
      break;
    }
    if (typeof key === "number" || typeof key === "bigint") {
      keys?.push(key);
    } else {
      keys = undefined;
    }
  }
  return { ...page.end(), keys };
}

/** Commas, brackets, and the longest number in JSON. */
const CELL_ROOM = 26;

/**
 * Rows on their way to JSON. Those that fit by their upper bound are turned into text many at a time, which costs a third less than
 * one by one; only near the limit is each measured.
 */
class Page {
  readonly #limits: RowLimits;
  readonly #parts: string[] = [];
  #waiting: unknown[][] = [];
  #waitingAtMost = 0;
  #bytes = 2;
  #count = 0;
  #more = false;
  readonly #counted = { cut: 0 };

  constructor(limits: RowLimits) {
    this.#limits = limits;
  }

  /** @returns false where the row does not fit: the page is full, and there is more */
  add(row: unknown[]): boolean {
    const { maxRows, maxBytes, maxCellBytes } = this.#limits;
    if (this.#count === maxRows) {
      this.#more = true;
      return false;
    }
    const cutBefore = this.#counted.cut;
    const atMost = toCells(row, maxCellBytes, this.#counted);
    if (this.#bytes + this.#waitingAtMost + atMost > maxBytes) {
      this.#flush();
      if (this.#bytes + atMost > maxBytes) {
        const size = Buffer.byteLength(JSON.stringify(row)) + 1;
        if (this.#bytes + size > maxBytes) {
          // Wide enough, a row of cells that are each within their limit is larger than any frame, and would end this process.
          if (this.#count === 0) {
            throw new SqlError("too_large", { hint: "one row is larger than a page; ask for fewer columns" });
          }
          this.#more = true;
          this.#counted.cut = cutBefore;
          return false;
        }
      }
    }
    this.#waiting.push(row);
    this.#waitingAtMost += atMost;
    this.#count++;
    return true;
  }

  end(): Omit<RowsRead, "keys"> {
    this.#flush();
    return { json: `[${this.#parts.join()}]`, count: this.#count, cutCells: this.#counted.cut, more: this.#more };
  }

  #flush(): void {
    if (this.#waiting.length > 0) {
      const json = JSON.stringify(this.#waiting).slice(1, -1);
      this.#parts.push(json);
      this.#bytes += Buffer.byteLength(json) + 1;
      this.#waiting = [];
      this.#waitingAtMost = 0;
    }
  }
}

/** Makes cells of JSON of a row, in place. @returns bytes of the row as JSON, at most */
function toCells(row: unknown[], maxCellBytes: number, counted: { cut: number }): number {
  let atMost = 3 + row.length * CELL_ROOM;
  for (let index = 0; index < row.length; index++) {
    const cell = row[index];
    if (typeof cell === "string") {
      // A character is at most 6 bytes of JSON: most texts need no closer look.
      const whole = cell.length * 6 <= maxCellBytes;
      const kept = whole ? cell : cut(cell, maxCellBytes, counted);
      row[index] = kept;
      atMost += kept.length * 6;
    } else if (typeof cell === "number") {
      if (!Number.isFinite(cell)) {
        row[index] = String(cell);
      }
    } else if (typeof cell === "bigint") {
      row[index] = Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
    } else if (cell instanceof Uint8Array) {
      const value = blob(cell, maxCellBytes, counted);
      row[index] = value;
      atMost += value.base64.length + 40;
    }
  }
  return atMost;
}

function cut(text: string, maxBytes: number, counted: { cut: number }): string {
  if (text.length + 2 <= maxBytes && Buffer.byteLength(JSON.stringify(text)) <= maxBytes) {
    return text;
  }
  counted.cut++;
  return cutText(text, maxBytes);
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
