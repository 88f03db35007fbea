import type { ColumnType } from "../cells.ts";

/** By the words of a declared type, first hit. SQLite itself keeps any value in most columns: a type says what to expect, not more. */
const WORDS: readonly (readonly [RegExp, ColumnType])[] = [
  [/^$/, "any"],
  [/BOOL/, "boolean"],
  [/TIMESTAMP|DATETIME/, "timestamp"],
  [/^DATE\b/, "date"],
  [/^TIME\b/, "time"],
  [/INT/, "integer"],
  [/JSON/, "json"],
  [/UUID|GUID/, "uuid"],
  [/CHAR|CLOB|TEXT|STRING/, "text"],
  [/BLOB|BINARY/, "blob"],
  [/REAL|FLOA|DOUB|DEC|NUM/, "float"],
];

/** @param declared as in CREATE TABLE; null for an expression */
export function columnType(declared: string | null | undefined): ColumnType {
  const upper = (declared ?? "").trim().toUpperCase();
  return WORDS.find(([word]) => word.test(upper))?.[1] ?? "any";
}
