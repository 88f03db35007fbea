import type { Cell, ColumnType, ResultColumn, SqlParam } from "./cells.ts";

/** Who asks; it decides which rules hold and what `identity(...)` and row-level security see. From a verified credential only. */
export interface Caller {
  readonly roles: readonly string[];
  readonly subject: string;
  readonly issuer?: string | undefined;
  readonly tenant?: string | undefined;
}

/** Bounds of one source. Every one holds for every statement; a request can only ask for less. */
export interface SourceLimits {
  /** Milliseconds a statement may run. Default 10,000. */
  readonly timeoutMs: number;
  /** Rows in one page. Default 1,000. */
  readonly maxRows: number;
  /** Bytes of the rows of one page, as JSON. Default 1 MiB. */
  readonly maxBytes: number;
  /** Bytes of one cell, as JSON; longer ones are cut and end in `… [cut: 200000 bytes]`, the bytes of the whole. Default 64 KiB. */
  readonly maxCellBytes: number;
  /** Characters of a statement. Default 100,000. */
  readonly maxSqlLength: number;
  /** The planner's estimate above which a query is refused: rows SQLite would look at, cost units of PostgreSQL. Default: no limit. */
  readonly maxCost: number | undefined;
  /** Rows one `execute` may change. Default 1,000. */
  readonly maxChangedRows: number;
  /** Memory of the process that runs SQLite, bytes. Default 256 MiB. */
  readonly maxMemoryBytes: number;
  /** Size of one temporary file that SQLite sorts in, bytes. Default 1 GiB. */
  readonly maxTempBytes: number;
}

export const DEFAULT_SOURCE_LIMITS: SourceLimits = {
  timeoutMs: 10_000,
  maxRows: 1000,
  maxBytes: 1024 * 1024,
  maxCellBytes: 64 * 1024,
  maxSqlLength: 100_000,
  maxCost: undefined,
  maxChangedRows: 1000,
  maxMemoryBytes: 256 * 1024 * 1024,
  maxTempBytes: 1024 * 1024 * 1024,
};

/** One statement with its parameters, and on whose behalf. */
export interface Statement {
  readonly sql: string;
  /** In the order of `?` (SQLite) or `$1` (PostgreSQL). */
  readonly params?: readonly SqlParam[];
  readonly caller: Caller;
  /** Aborting it ends the statement in the database, not only the wait for it. */
  readonly signal?: AbortSignal;
  /** Milliseconds; never more than the source's own. */
  readonly timeoutMs?: number;
}

export interface QueryRequest extends Statement {
  /** Never more than the source's own. */
  readonly maxRows?: number;
  /** `nextCursor` of the page before, for the same statement and parameters. */
  readonly cursor?: string;
}

/** A page of a result. */
export interface ResultPage {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Cells that were cut to `maxCellBytes`; each ends in a visible mark. */
  readonly cutCells: number;
  /** There is more. Absent at the end of the result. */
  readonly nextCursor?: string;
}

export interface Explanation {
  /** The plan as the engine tells it, one line a step; it names nothing that the caller may not see. */
  readonly plan: readonly string[];
  /** The planner's estimate, in the units of {@link SourceLimits.maxCost}. */
  readonly estimatedCost?: number;
  readonly estimatedRows?: number;
  /** What the engine says is read. */
  readonly reads: readonly { readonly table: string; readonly columns: readonly string[] }[];
}

export interface TableSummary {
  /** As it is written in SQL: `orders`, or `sales.orders` outside the first schema of the search path. */
  readonly name: string;
  readonly kind: "table" | "view" | "virtual";
  readonly estimatedRows?: number;
  readonly comment?: string;
}

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** As declared in the database. */
  readonly declared: string;
  readonly nullable: boolean;
  readonly default?: string;
  readonly masked?: "null" | "hash" | "partial";
  readonly comment?: string;
}

export interface TableDescription extends TableSummary {
  readonly columns: readonly TableColumn[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly {
    readonly columns: readonly string[];
    readonly references: string;
    readonly to: readonly string[];
  }[];
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[]; readonly unique: boolean }[];
  /** Rows of the table are filtered for this caller. */
  readonly filtered: boolean;
}

/** What the engine says a change would do, before it is done. */
export interface ChangeForecast {
  /** `write` only adds; `destroy` overwrites or deletes. */
  readonly effect: "write" | "destroy";
  readonly statement: "insert" | "update" | "delete";
  readonly table: string;
  /** Rows the planner expects to look at: a rough number. SQLite takes a table that is copied whole for one row. */
  readonly estimatedRows?: number;
}

export interface ChangeRequest extends Statement {
  /** A change that touches every row of its table is meant. Default false: it is undone and refused. */
  readonly everyRow?: boolean;
  /** Refused with `conflict`, nothing done, unless the forecast is still this. */
  readonly expected?: ChangeForecast["effect"];
}

export interface ChangeResult extends ChangeForecast {
  readonly changedRows: number;
  /** Rows of RETURNING, held to the same rules and bounds as those of a query. */
  readonly returned?: ResultPage;
}

/**
 * One database that can be asked, and only what its rules allow. Every method throws {@link SqlError} and nothing else on purpose; a
 * name in an argument is looked up in the catalogue, never put into SQL.
 */
export interface SqlSource {
  readonly dialect: "sqlite" | "postgres";
  /** Whether {@link execute} was switched on. */
  readonly writable: boolean;
  /** Tables and views the caller may read, sorted by name. */
  listTables(caller: Caller, signal?: AbortSignal): Promise<readonly TableSummary[]>;
  /** @throws {SqlError} `unknown_name`, also where the table exists and may not be seen, or is spelt otherwise than in `listTables` */
  describeTable(table: string, caller: Caller, signal?: AbortSignal): Promise<TableDescription>;
  query(request: QueryRequest): Promise<ResultPage>;
  explain(statement: Statement): Promise<Explanation>;
  /** The first rows of a table by its key, or its storage order. */
  sampleRows(table: string, request: Omit<QueryRequest, "sql" | "params">): Promise<ResultPage>;
  /** Compiles without running; the engine says what it is. @throws {SqlError} `read_only` `not_a_change` `denied` ... */
  forecast(statement: Statement): Promise<ChangeForecast>;
  execute(request: ChangeRequest): Promise<ChangeResult>;
  /** Whether a statement would be answered now. Cheap: called by `/readyz`. */
  health(): Promise<"up" | "away">;
  close(): Promise<void>;
}
