import { setFlagsFromString } from "node:v8";
import { hasSqlDetails, loadModule, parseSync } from "libpg-query";
import { SqlError } from "../../errors.ts";
import { placeHint } from "../wire/sqlstate.ts";

/** A node of PostgreSQL's own parse tree, as JSON: `{ SelectStmt: { targetList: [...] } }`. */
export type Tree = { readonly [key: string]: unknown };

/** One statement. */
export interface Parsed {
  /** Such as `SelectStmt`. */
  readonly kind: string;
  readonly tree: Tree;
  /** The statement alone, without what follows its semicolon. */
  readonly text: string;
}

/** What a function of WebAssembly may run before V8 compiles it again, optimized: V8's own figure, and one that is hardly reached. */
const TIERING = { usual: 13_000_000, late: 1_000_000_000 } as const;

/**
 * Loads the parser, which is PostgreSQL's own compiled to WebAssembly. Once is enough.
 *
 * Its grammar is one huge function. Optimizing that took hundreds of MiB for a moment, after the first few statements, and parsing
 * became no faster (measured: 132 against 61 MiB after ten). What else this process loads is compiled as usual.
 */
export async function loadParser(): Promise<void> {
  setFlagsFromString(`--wasm-tiering-budget=${TIERING.late}`);
  try {
    await loadModule();
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${TIERING.usual}`);
  }
}

/**
 * Parses exactly one statement.
 *
 * @throws {SqlError} `syntax`, `not_one_statement`
 */
export function parseOne(sql: string): Parsed {
  // A NUL would end the text for the parser, or for the server, before its end.
  if (sql.includes("\0") || !sql.isWellFormed()) throw new SqlError("syntax", { hint: "not a Unicode text" });
  if (sql === "") throw new SqlError("not_one_statement");
  const statements = (parse(sql)["stmts"] ?? []) as readonly {
    stmt: Tree;
    stmt_location?: number;
    stmt_len?: number;
  }[];
  const [only] = statements;
  if (only === undefined || statements.length !== 1) throw new SqlError("not_one_statement");
  const [kind, tree] = single(only.stmt);
  const bytes = Buffer.from(sql);
  const start = only.stmt_location ?? 0;
  const text = bytes.subarray(start, only.stmt_len ? start + only.stmt_len : bytes.length).toString();
  return { kind, tree, text };
}

function parse(sql: string): Tree {
  try {
    return parseSync(sql) as unknown as Tree;
  } catch (cause) {
    // Without details it is not the parser's word: its stack or its memory is at an end.
    if (!hasSqlDetails(cause)) throw new SqlError("too_large", { hint: "the statement is nested too deeply", cause });
    const hint = placeHint("syntax", sql, (cause.sqlDetails?.cursorPosition ?? -1) + 1);
    throw new SqlError("syntax", { hint, cause });
  }
}

/** The kind and the fields of a node. */
export function single(node: Tree): readonly [kind: string, tree: Tree] {
  const [entry, ...others] = Object.entries(node);
  if (entry === undefined || others.length > 0 || !isTree(entry[1])) throw new SqlError("denied");
  return [entry[0], entry[1]];
}

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `[{ String: { sval: "a" } }, ...]` as texts; `*` for a star, and refused for anything else. */
export function namesOf(list: unknown): readonly string[] {
  return (Array.isArray(list) ? list : []).map((node: unknown) => {
    const [kind, tree] = single(isTree(node) ? node : {});
    if (kind === "A_Star") return "*";
    if (kind === "String") return String(tree["sval"] ?? "");
    throw new SqlError("denied");
  });
}
