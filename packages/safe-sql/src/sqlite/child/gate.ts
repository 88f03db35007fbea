import { constants } from "node:sqlite";
import { folded } from "../fold.ts";
import { ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS } from "./functions.ts";
import type { Names } from "./names.ts";
import type { Policy } from "./policy.ts";

/** What SQLite asked for and was refused. */
export type Denial =
  | { readonly what: "table" | "column" | "masked" | "function"; readonly name: string }
  | { readonly what: "write"; readonly name: string }
  /** A trigger or a foreign key of what is changed reads it; no name of the statement leads there. */
  | { readonly what: "behind" }
  | { readonly what: "action" };

/** What SQLite said of a statement while compiling it. */
export interface Seen {
  selects: boolean;
  virtual: boolean;
  denial: Denial | undefined;
  readonly reads: Map<string, Set<string>>;
  readonly writes: {
    readonly kind: "insert" | "update" | "delete";
    readonly table: string;
    readonly context: string | null;
  }[];
}

/** `own`: a statement of ours. `compile`: a caller's, being prepared. `run`: a caller's, while it runs. */
export type Mode = "own" | "compile" | "run";

/** The authorizer of one connection. SQLite calls it while it compiles, and again when a changed schema makes it compile anew. */
export class Gate {
  mode: Mode = "own";
  /** A view of the file is being compiled to see whether the rules let it be read: then counting rows is reading, too. */
  judgingView = false;
  seen: Seen = nothingSeen();
  readonly #policy: Policy;
  readonly #names: Names;
  readonly #functions: ReadonlySet<string>;
  readonly writable: boolean;

  constructor(policy: Policy, names: Names, functions: readonly string[], writable: boolean) {
    this.#policy = policy;
    this.#names = names;
    this.#functions = new Set([...ALLOWED_FUNCTIONS, "identity", ...functions.map((name) => folded(name))]);
    this.writable = writable;
  }

  /** Runs `work` with nothing refused: for statements that this package wrote. */
  asOwn<Result>(work: () => Result): Result {
    const before = this.mode;
    this.mode = "own";
    try {
      return work();
    } finally {
      this.mode = before;
    }
  }

  /** Runs `work`, whose statement is a caller's. */
  as<Result>(mode: "compile" | "run", work: () => Result): Result {
    if (mode === "compile") {
      this.seen = nothingSeen();
    }
    this.mode = mode;
    try {
      return work();
    } finally {
      this.mode = "own";
    }
  }

  readonly authorize = (
    action: number,
    first: string | null,
    second: string | null,
    schema: string | null,
    context: string | null,
  ): number => {
    if (this.mode === "own") {
      return constants.SQLITE_OK;
    }
    const denial = this.#decide(action, first, second, schema, context);
    if (denial === undefined) {
      return constants.SQLITE_OK;
    }
    this.seen.denial ??= denial;
    return constants.SQLITE_DENY;
  };

  #decide(
    action: number,
    first: string | null,
    second: string | null,
    schema: string | null,
    context: string | null,
  ): Denial | undefined {
    switch (action) {
      case constants.SQLITE_SELECT:
        this.seen.selects = true;
        return undefined;
      case constants.SQLITE_RECURSIVE:
        return undefined;
      case constants.SQLITE_FUNCTION:
        return this.#call(second ?? "", context);
      case constants.SQLITE_READ: {
        const denial = this.#read(first ?? "", second ?? "", schema, context);
        // The names that a caller can write lead to views of ours, so what a change reads in the file itself is not the caller's doing.
        const behind = denial !== undefined && this.seen.writes.length > 0 && schema === this.#names.schema;
        return behind ? { what: "behind" } : denial;
      }
      case constants.SQLITE_PRAGMA: {
        // FTS5 asks it, through the same handle, whether its cache is stale.
        const byFts = this.mode === "run" && this.#names.hasShadows && first === "data_version" && second === null;
        return byFts ? undefined : { what: "action" };
      }
      case constants.SQLITE_INSERT:
        return this.#write("insert", first ?? "", schema, context);
      case constants.SQLITE_DELETE:
        return this.#write("delete", first ?? "", schema, context);
      case constants.SQLITE_UPDATE:
        return this.#write("update", first ?? "", schema, context);
      default:
        return { what: "action" };
    }
  }

  #call(name: string, context: string | null): Denial | undefined {
    const lower = folded(name);
    const ours = lower === this.#names.hash && this.#names.isInner(context);
    return ours || this.#functions.has(lower) ? undefined : { what: "function", name };
  }

  #read(table: string, column: string, schema: string | null, context: string | null): Denial | undefined {
    const lower = folded(table);
    const behind = this.#names.innerOf(lower);
    const access = this.#policy.get(behind ?? lower);
    if (behind !== undefined || (column === "" && this.#onlyCounted(lower))) {
      if (access !== undefined && access.kind !== "hidden") {
        this.#note(access.relation.name, "");
      }
      return undefined;
    }
    if (access === undefined) {
      const harmless = ALLOWED_TABLE_FUNCTIONS.has(lower) || (column === "" && !this.#names.isModule(lower));
      return harmless ? undefined : { what: "table", name: table };
    }
    if (access.kind === "hidden") {
      // FTS and R-tree read their own insides through the same handle while they run.
      // Whether the statement has one is not known: `natural join places` raises no event. No name of a caller's leads there.
      const byModule = this.mode === "run" && this.#names.isShadow(lower);
      return byModule ? undefined : { what: "table", name: table };
    }
    if (access.kind === "open") {
      this.seen.virtual ||= access.relation.kind === "virtual";
      this.#note(access.relation.name, column);
      return undefined;
    }
    if (schema === "temp") {
      this.#note(access.relation.name, column);
      return undefined;
    }
    if (this.#names.innerOf(context) === lower) {
      this.seen.virtual ||= access.relation.kind === "virtual";
      return undefined;
    }
    // A view of the file, or a count of all rows after the planner has merged our view away.
    if (access.plain.has(folded(column)) || (column === "" && access.rule.filter === undefined)) {
      return undefined;
    }
    return access.rule.filter === undefined && access.visible.some((each) => same(each.name, column))
      ? { what: "masked", name: column }
      : { what: "column", name: column };
  }

  /**
   * An event without a column and a schema: rows of something are counted, be it a table or a CTE that happens to have a table's name. No
   * name that a caller can write leads to a table behind the rules, and views of the file are tried with {@link judgingView} on.
   */
  #onlyCounted(lower: string): boolean {
    return !this.judgingView && !this.#names.isModule(lower);
  }

  #write(
    kind: "insert" | "update" | "delete",
    table: string,
    schema: string | null,
    context: string | null,
  ): Denial | undefined {
    const lower = folded(table);
    // Every CREATE, DROP and ALTER writes SQLite's own tables.
    if (lower.startsWith("sqlite_")) {
      return { what: "action" };
    }
    const access = this.#policy.get(lower);
    if (this.writable && this.mode === "run" && this.seen.virtual && this.#names.isShadow(lower)) {
      return undefined;
    }
    if (access === undefined || access.kind === "hidden") {
      return { what: "table", name: table };
    }
    if (!this.writable) {
      return { what: "action" };
    }
    if (schema !== this.#names.schema || access.kind !== "open" || !access.write.includes(kind)) {
      return { what: "write", name: table };
    }
    this.seen.virtual ||= access.relation.kind === "virtual";
    this.seen.writes.push({ kind, table: access.relation.name, context });
    return undefined;
  }

  #note(table: string, column: string): void {
    const columns = this.seen.reads.get(table) ?? new Set();
    this.seen.reads.set(table, column === "" ? columns : columns.add(column));
  }
}

function nothingSeen(): Seen {
  return { selects: false, virtual: false, denial: undefined, reads: new Map(), writes: [] };
}

function same(one: string, other: string): boolean {
  return folded(one) === folded(other);
}
