import { existsSync } from "node:fs";
import { SqlError } from "../errors.ts";
import type {
  Caller,
  ChangeForecast,
  ChangeRequest,
  ChangeResult,
  Explanation,
  QueryRequest,
  ResultPage,
  SqlSource,
  Statement,
  TableDescription,
  TableSummary,
} from "../source.ts";
import { pageOfWritten } from "../written-rows.ts";
import { openCursor, sealCursor } from "./cursor.ts";
import type { Pool } from "./parent/pool.ts";
import type { Deadline } from "./parent/process.ts";
import type { Settings } from "./settings.ts";
import { identityOf, type Variants } from "./variants.ts";
import type { Answered, Ask, PageAnswer, Resume } from "./wire.ts";

interface Pools {
  readonly read: Pool;
  readonly write: Pool | undefined;
}

const KILLED: ReadonlySet<string> = new Set(["timeout", "cancelled", "too_large", "unavailable"]);

/** A source that does not answer within it counts as away. */
const HEALTH_MS = 2000;

type Limits = Pick<Statement, "signal" | "timeoutMs">;

/** Turns the promises of {@link SqlSource} into requests to child processes, and their answers into pages with cursors. */
export class SqliteSource implements SqlSource {
  readonly dialect = "sqlite";
  readonly writable: boolean;
  readonly close: () => Promise<void>;
  readonly #settings: Settings;
  readonly #variants: Variants;
  readonly #pools: Pools;

  constructor(settings: Settings, variants: Variants, pools: Pools, close: () => Promise<void>) {
    this.#settings = settings;
    this.#variants = variants;
    this.#pools = pools;
    this.writable = pools.write !== undefined;
    this.close = close;
  }

  async listTables(caller: Caller, signal?: AbortSignal): Promise<readonly TableSummary[]> {
    return (await this.#ask({ op: "tables" }, caller, signal && { signal })) as TableSummary[];
  }

  async describeTable(table: string, caller: Caller, signal?: AbortSignal): Promise<TableDescription> {
    return (await this.#ask({ op: "describe", table }, caller, signal && { signal })) as TableDescription;
  }

  async query(request: QueryRequest): Promise<ResultPage> {
    const { sql, params = [] } = request;
    this.#assertLength(sql);
    return this.#page(["query", sql, params], request, (resume) => ({
      op: "query",
      sql,
      params,
      maxRows: this.#maxRows(request.maxRows),
      resume,
    }));
  }

  sampleRows(table: string, request: Omit<QueryRequest, "sql" | "params">): Promise<ResultPage> {
    return this.#page(["sample", table], request, (resume) => ({
      op: "sample",
      table,
      maxRows: this.#maxRows(request.maxRows),
      resume,
    }));
  }

  async explain({ sql, params = [], caller, ...limits }: Statement): Promise<Explanation> {
    this.#assertLength(sql);
    return (await this.#ask({ op: "explain", sql, params }, caller, limits)) as Explanation;
  }

  async forecast({ sql, params = [], caller, ...limits }: Statement): Promise<ChangeForecast> {
    this.#assertLength(sql);
    return (await this.#change({ op: "forecast", sql, params, everyRow: false }, caller, limits)) as ChangeForecast;
  }

  async execute(request: ChangeRequest): Promise<ChangeResult> {
    const { sql, params = [], caller, everyRow = false, expected, ...limits } = request;
    this.#assertLength(sql);
    return (await this.#change({ op: "execute", sql, params, everyRow, expected }, caller, limits)) as ChangeResult;
  }

  /** A process that is free is asked; where all are at work, the file is only looked for. */
  async health(): Promise<"up" | "away"> {
    if (this.#pools.read.busy) {
      return existsSync(this.#settings.file) ? "up" : "away";
    }
    try {
      await this.#ask({ op: "health" }, { roles: [], subject: "" }, { signal: AbortSignal.timeout(HEALTH_MS) });
      return "up";
    } catch {
      return "away";
    }
  }

  async #page(
    what: readonly unknown[],
    { caller, cursor, ...limits }: Omit<QueryRequest, "sql" | "params">,
    askFor: (resume: Resume | undefined) => Ask,
  ): Promise<ResultPage> {
    const bound = JSON.stringify([what, this.#variants.of(caller.roles).key, identityOf(caller)]);
    const resume = cursor === undefined ? undefined : openCursor(this.#settings.cursorKey, bound, cursor);
    const { ok, body = "[]" } = await this.#answered(askFor(resume), caller, limits);
    const { columns, count, cutCells, next } = ok as PageAnswer;
    const sealed = next && { nextCursor: sealCursor(this.#settings.cursorKey, bound, next) };
    return pageOfWritten({ columns, cutCells, ...sealed }, { json: body, count });
  }

  async #change(ask: Ask, caller: Caller, limits: Limits): Promise<unknown> {
    const { write } = this.#pools;
    if (write === undefined) {
      throw new SqlError("read_only");
    }
    try {
      return await this.#ask(ask, caller, limits, write);
    } catch (error) {
      if (error instanceof SqlError && KILLED.has(error.code)) {
        // A writer that was killed leaves a journal, which readers cannot roll back: the next writer does, at once.
        this.#ask({ op: "health" }, caller, {}, write).catch(() => {});
      }
      throw error;
    }
  }

  async #ask(ask: Ask, caller: Caller, limits: Limits = {}, pool: Pool = this.#pools.read): Promise<unknown> {
    return (await this.#answered(ask, caller, limits, pool)).ok;
  }

  #answered(ask: Ask, caller: Caller, limits: Limits, pool: Pool = this.#pools.read): Promise<Answered> {
    const { number, rules } = this.#variants.of(caller.roles);
    const identity = identityOf(caller);
    const most = this.#settings.limits.timeoutMs;
    const deadline: Deadline = { timeoutMs: Math.min(limits.timeoutMs ?? most, most), signal: limits.signal };
    return pool.ask((process) => {
      const told = process.knows.has(number);
      process.knows.add(number);
      return { ...ask, variant: number, rules: told ? undefined : rules, identity };
    }, deadline);
  }

  #maxRows(asked: number | undefined): number {
    const most = this.#settings.limits.maxRows;
    return Math.max(1, Math.min(asked ?? most, most));
  }

  #assertLength(sql: string): void {
    if (sql.length > this.#settings.limits.maxSqlLength) {
      throw new SqlError("too_large", {
        hint: `A statement has at most ${this.#settings.limits.maxSqlLength} characters.`,
      });
    }
  }
}
