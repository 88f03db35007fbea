import type { Blob, Cell, ColumnType } from "../../cells.ts";

/** Reads the text of one value that is not NULL. */
export type Decode = (text: string) => Cell;

/** What a type of the server is to a client. */
export interface TypeReader {
  readonly type: ColumnType;
  readonly decode: Decode;
}

const asText: Decode = (text) => text;

/** A number while it is exact, else its digits. */
const integer: Decode = (text) => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
};

const float: Decode = (text) => {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
};

const bytes: Decode = (text): Blob => ({ base64: Buffer.from(text.slice(2), "hex").toString("base64") });

/** By the object identifiers of pg_type, which are fixed for built-in types. */
const READERS: ReadonlyMap<number, TypeReader> = new Map<number, TypeReader>([
  [16, { type: "boolean", decode: (text) => text === "t" }],
  [17, { type: "blob", decode: bytes }],
  [20, { type: "integer", decode: integer }],
  [21, { type: "integer", decode: Number }],
  [23, { type: "integer", decode: Number }],
  [26, { type: "integer", decode: Number }],
  [700, { type: "float", decode: float }],
  [701, { type: "float", decode: float }],
  [1700, { type: "decimal", decode: asText }],
  [114, { type: "json", decode: asText }],
  [3802, { type: "json", decode: asText }],
  [1082, { type: "date", decode: asText }],
  [1083, { type: "time", decode: asText }],
  [1266, { type: "time", decode: asText }],
  [1114, { type: "timestamp", decode: isoTimestamp }],
  [1184, { type: "timestamp", decode: isoTimestamp }],
  [2950, { type: "uuid", decode: asText }],
  [18, { type: "text", decode: asText }],
  [19, { type: "text", decode: asText }],
  [25, { type: "text", decode: asText }],
  [1042, { type: "text", decode: asText }],
  [1043, { type: "text", decode: asText }],
  [705, { type: "text", decode: asText }],
]);

/** Array type to element type. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1001, 17],
  [1002, 18],
  [1003, 19],
  [1016, 20],
  [1005, 21],
  [1007, 23],
  [1028, 26],
  [1021, 700],
  [1022, 701],
  [1231, 1700],
  [199, 114],
  [3807, 3802],
  [1182, 1082],
  [1183, 1083],
  [1270, 1266],
  [1115, 1114],
  [1185, 1184],
  [2951, 2950],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
]);

const OTHER: TypeReader = { type: "text", decode: asText };

/** How values of the type are read. What is not built in (ranges, enums, composites, geometry ...) is its text. */
export function readerOf(typeId: number): TypeReader {
  const element = ARRAYS.get(typeId);
  if (element === undefined) return READERS.get(typeId) ?? OTHER;
  const { decode } = READERS.get(element) ?? OTHER;
  return { type: "array", decode: (text) => readArray(text, decode) };
}

/** `2026-01-02 03:04:05.6+00` as ISO 8601; `infinity` and years BC stay as they are. */
function isoTimestamp(text: string): string {
  if (text.length < 19 || text[10] !== " " || text.endsWith("BC")) return text;
  const iso = `${text.slice(0, 10)}T${text.slice(11)}`;
  return iso.endsWith("+00") ? `${iso.slice(0, -3)}Z` : iso;
}

/**
 * The text form of an array: `{1,NULL,"a \"b\""}`, nested, with bounds in front where they are not 1 (`[0:1]={...}`, which are left
 * out). A NULL without quotes is null; in quotes it is the word.
 */
export function readArray(text: string, decode: Decode): readonly Cell[] {
  let at = text.indexOf("{");
  return list();

  function list(): Cell[] {
    const cells: Cell[] = [];
    at++;
    while (text[at] !== "}") {
      cells.push(text[at] === "{" ? list() : text[at] === '"' ? decode(quoted()) : bare());
      if (text[at] === ",") at++;
      else if (text[at] !== "}") throw new SyntaxError("array");
    }
    at++;
    return cells;
  }

  function quoted(): string {
    let value = "";
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length) throw new SyntaxError("array");
      if (text[at] === "\\") at++;
      value += text[at];
    }
    at++;
    return value;
  }

  function bare(): Cell {
    const start = at;
    while (at < text.length && text[at] !== "," && text[at] !== "}") at++;
    const value = text.slice(start, at);
    return value.toUpperCase() === "NULL" ? null : decode(value);
  }
}
