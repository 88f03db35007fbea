import type { Cell, ResultColumn } from "../../cells.ts";
import { SqlError } from "../../errors.ts";
import type { Field, RowSink } from "./batch.ts";
import { cutCell, jsonBytes } from "./cut.ts";
import { readerOf, type TypeReader } from "./decode.ts";

export interface PageBounds {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly maxCellBytes: number;
}

/** Takes rows until a page is full; rows beyond are counted and let go. */
export interface PageSink extends RowSink {
  readonly fields: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly cutCells: number;
  /** There is more than is in `rows`. */
  readonly isFull: boolean;
  /** Texts of the last row in the page, as the server wrote them. */
  readonly last: readonly (string | null)[];
  /** What the statement says it did, such as `UPDATE 3`. */
  readonly tag: string | undefined;
}

/** A result has no more columns than this; PostgreSQL itself stops at 1,664. */
const MAX_COLUMNS = 1664;
const MOST_JSON_BYTES = 6;
const AROUND_CELL = 3;
/** Bytes of rows nobody wants, after which the server is told to stop. */
const MAX_UNWANTED = 256 * 1024;

/** @param onUnwanted called once, when the server goes on sending much more than the page holds */
export function createPageSink({ maxRows, maxBytes, maxCellBytes }: PageBounds, onUnwanted: () => void): PageSink {
  const fields: ResultColumn[] = [];
  const rows: (readonly Cell[])[] = [];
  let readers: readonly TypeReader[] = [];
  let [cutCells, unwanted, isFull] = [0, 0, false];
  // `bound` costs nothing and is at least as much as `exact`, which is only worked out where it matters.
  let [bound, exact] = [0, -1];
  let last: readonly (string | null)[] = [];
  let tag: string | undefined;

  function decoded(cells: readonly (string | null)[]): Cell[] {
    return cells.map((text, index) => {
      if (text === null) return null;
      const { cell, isCut } = cutCell((readers[index] ?? readerOf(0)).decode(text), text, maxCellBytes);
      if (isCut) cutCells++;
      return cell;
    });
  }

  function fits(row: readonly Cell[], bytes: number): boolean {
    bound += bytes * MOST_JSON_BYTES + row.length * AROUND_CELL;
    if (exact < 0 && bound <= maxBytes) return true;
    if (exact < 0) exact = rows.reduce((sum, one) => sum + jsonBytes(one) + 1, 0);
    const size = jsonBytes(row) + 1;
    if (exact + size > maxBytes) return false;
    exact += size;
    return true;
  }

  return {
    fields,
    rows,
    get cutCells() {
      return cutCells;
    },
    get isFull() {
      return isFull;
    },
    get last() {
      return last;
    },
    get tag() {
      return tag;
    },
    columns(described: readonly Field[]) {
      if (described.length > MAX_COLUMNS) throw new SqlError("too_large", { hint: "too many columns" });
      readers = described.map(({ dataTypeID }) => readerOf(dataTypeID));
      fields.push(...described.map(({ name }, index) => ({ name, type: readers[index]?.type ?? "text" }) as const));
    },
    row(cells, bytes) {
      if (!isFull && rows.length < maxRows) {
        const cutBefore = cutCells;
        const row = decoded(cells);
        if (fits(row, bytes)) {
          rows.push(row);
          last = cells;
          return;
        }
        cutCells = cutBefore;
        if (rows.length === 0)
          throw new SqlError("too_large", { hint: "one row is larger than a page; ask for fewer columns" });
      }
      isFull = true;
      const before = unwanted;
      unwanted += bytes;
      if (before <= MAX_UNWANTED && unwanted > MAX_UNWANTED) onUnwanted();
    },
    end(text) {
      tag = text;
      if (text === undefined) isFull = true;
    },
  };
}
