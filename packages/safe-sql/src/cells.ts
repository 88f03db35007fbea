/** Bytes, in an answer that is JSON. `bytes` is the length before a cut; without it the value is whole. */
export interface Blob {
  readonly base64: string;
  readonly bytes?: number;
}

/**
 * One value of a result, exact in JSON:
 *
 * - SQL NULL is `null`, and an empty string is `""`
 * - an integer is a number while a JSON number holds it (up to 2^53 - 1), else its digits as a string; a column's type says which it is
 * - a decimal is its digits as a string; so are dates and times, in the database's own ISO form
 * - a float is a number; `NaN` and the infinities are those words
 * - JSON is its text, which keeps its numbers exact
 * - bytes are a {@link Blob}, an array is a list of cells
 */
export type Cell = null | boolean | number | string | Blob | readonly Cell[];

/** What a column holds, one word for every engine. SQLite has no type for an expression: `any`. */
export type ColumnType =
  | "boolean"
  | "integer"
  | "decimal"
  | "float"
  | "text"
  | "blob"
  | "date"
  | "time"
  | "timestamp"
  | "json"
  | "uuid"
  | "array"
  | "any";

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A bound parameter as it comes out of JSON: an integer past 2^53 is sent as its digits, bytes as a {@link Blob}. */
export type SqlParam = null | boolean | number | string | Blob;
