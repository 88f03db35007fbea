import { SqlError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import type { Variant } from "../rules/variant.ts";

/** Adds to an unknown name the nearest of those that the caller may read: of a hidden one it tells nothing. */
export function withNearest(error: SqlError, { tables }: Variant): SqlError {
  const { code, hint, cause } = error;
  const word = /^"?([^",]+)"?(?:, at character \d+)?$/.exec(hint ?? "")?.[1];
  if (code !== "unknown_name" || word === undefined) return error;
  const last = word.slice(word.lastIndexOf(".") + 1);
  const known = tables.flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)]);
  const near = nearest(
    last,
    known.filter((name) => name !== last),
  );
  return near === undefined ? error : new SqlError(code, { hint: `${hint}; did you mean ${near}?`, cause });
}
