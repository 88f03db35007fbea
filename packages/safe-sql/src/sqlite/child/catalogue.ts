import { folded } from "../fold.ts";
import { type Engine, quoted, rowsOf } from "./engine.ts";

export interface Column {
  readonly name: string;
  readonly declared: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** Place in the primary key, from 1; 0 outside. */
  readonly key: number;
  readonly generated: boolean;
}

export interface Relation {
  readonly name: string;
  /** `shadow` holds the insides of a virtual table; `internal` is SQLite's own. */
  readonly kind: "table" | "view" | "virtual" | "shadow" | "internal";
  readonly withoutRowid: boolean;
  readonly columns: readonly Column[];
}

/** Every relation of the file, by its name in lower case. */
export type Catalogue = ReadonlyMap<string, Relation>;

/** Reads the catalogue of the attached file. Views that do not compile have no columns. */
export function readCatalogue(engine: Engine, schema: string): Catalogue {
  const relations = rowsOf(engine, `pragma ${quoted(schema)}.table_list`)
    .filter(([inSchema]) => inSchema === schema)
    .map(([, name, type, , withoutRowid]) => relation(engine, schema, String(name), String(type), withoutRowid === 1));
  return new Map(relations.map((each) => [folded(each.name), each]));
}

function relation(engine: Engine, schema: string, name: string, type: string, withoutRowid: boolean): Relation {
  const kind = folded(name).startsWith("sqlite_") ? "internal" : (type as Relation["kind"]);
  return { name, kind, withoutRowid, columns: kind === "internal" ? [] : columns(engine, schema, name) };
}

function columns(engine: Engine, schema: string, table: string): Column[] {
  let rows: unknown[][];
  try {
    rows = rowsOf(engine, `pragma ${quoted(schema)}.table_xinfo(${quoted(table)})`);
  } catch {
    return [];
  }
  return rows
    .filter(([, , , , , , hidden]) => hidden !== 1)
    .map(([, name, declared, notNull, fallback, key, hidden]) => ({
      name: String(name),
      declared: String(declared ?? ""),
      notNull: notNull === 1,
      default: fallback === null ? null : String(fallback),
      key: Number(key),
      generated: hidden === 2 || hidden === 3,
    }));
}
