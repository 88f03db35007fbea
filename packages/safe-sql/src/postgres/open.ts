import { SqlError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { SqlSource, Statement } from "../source.ts";
import { loadDetails } from "./catalog/details.ts";
import { execute } from "./change/execute.ts";
import { forecast } from "./change/forecast.ts";
import { createPool } from "./connect/pool.ts";
import { rowsOf } from "./connect/prepared.ts";
import { isReached } from "./connect/reach.ts";
import { createCursorCodec } from "./cursor/token.ts";
import { loadParser } from "./gate/ast.ts";
import { createGate } from "./gate/gate.ts";
import type { Visible } from "./gate/scope.ts";
import type { PostgresOptions } from "./options.ts";
import { descriptionOf, summaryOf } from "./read/describe.ts";
import { explain, planOf } from "./read/explain.ts";
import { queryPage } from "./read/query.ts";
import type { Frame } from "./read/run.ts";
import { withNearest } from "./read/suggest.ts";
import { checkRole } from "./role/check.ts";
import { roleCheckOf } from "./role/print.ts";
import { identifier } from "./rules/identifier.ts";
import { validateRules } from "./rules/validate.ts";
import { createVariants } from "./rules/variants.ts";
import { settingsOf } from "./settings.ts";
import { encodeParams } from "./wire/params.ts";
import { sqlErrorOf } from "./wire/sqlstate.ts";

/** A table made a second ago is found; a storm of wrong names does not become a storm of catalogue reads. */
const MIN_CATALOG_AGE_MS = 1000;
const MAX_CATALOG_AGE_MS = 30_000;
const HEALTH_TIMEOUT_MS = 1000;

/**
 * Opens a PostgreSQL database, once its role, its rules and what is in the database were found to fit together.
 *
 * @throws {SqlError} `invalid_option`; `unavailable`; `unsafe_role`, of which `roleReportOf` tells the operator more
 */
export async function openPostgres(options: PostgresOptions): Promise<SqlSource> {
  const settings = settingsOf(options);
  const { target, rules, limits, schemas, writable, workMemMiB } = settings;
  await loadParser();
  const variants = createVariants(rules, schemas, limits.timeoutMs);
  const about = roleCheckOf(settings, variants.plan);
  let areRulesValid = false;
  const pool = createPool({
    target,
    size: settings.poolSize,
    waitMs: settings.connectTimeoutMs,
    // Again for each connection: a role that was right at start may have been given more since.
    check: async (connection) => {
      const catalog = await variants.load(connection);
      if (!areRulesValid) validateRules(rules, catalog, schemas);
      areRulesValid = true;
      await checkRole(connection, { ...about, catalog }, limits.timeoutMs);
    },
  });
  const gate = createGate(limits.maxSqlLength);
  const cursors = createCursorCodec(settings.cursorKey);

  let reloading: Promise<unknown> | undefined;
  /** One for all who wait for it. */
  function reload(): Promise<unknown> {
    reloading ??= pool
      .use(variants.load)
      .catch((error: unknown) => Promise.reject(sqlErrorOf(error)))
      .finally(() => {
        reloading = undefined;
      });
    return reloading;
  }

  async function frameOf({ caller, signal, timeoutMs }: Omit<Statement, "sql">): Promise<Frame> {
    if (variants.age() > MAX_CATALOG_AGE_MS) await reload();
    const variant = variants.of(caller.roles);
    const time = Math.max(1, Math.min(timeoutMs ?? limits.timeoutMs, limits.timeoutMs));
    return { variant, caller, limits, workMemMiB, timeoutMs: time, signal };
  }

  /** A name that is not known may be of a table made since: the catalogue is read again, and the statement tried once more. */
  async function framed<T>(statement: Omit<Statement, "sql">, act: (frame: Frame) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await act(await frameOf(statement));
      } catch (cause) {
        const error = withNearest(sqlErrorOf(cause), variants.of(statement.caller.roles));
        if (attempt > 0) throw error;
        if (isStale(error)) continue;
        if (error.code !== "unknown_name" || variants.age() < MIN_CATALOG_AGE_MS) throw error;
        await reload();
      }
    }
  }

  /** By the name that `listTables` gives it and no other: policies compare texts, and `public.orders` is not `orders`. */
  function tableNamed({ variant: { tables } }: Frame, name: string): Visible {
    const found = tables.find((one) => one.name === name);
    if (found !== undefined) return found;
    const names = tables.map((one) => one.name);
    const near = names.find((one) => name.endsWith(`.${one}`) || one.endsWith(`.${name}`)) ?? nearest(name, names);
    throw new SqlError("unknown_name", { hint: near && `Did you mean ${near}?` });
  }

  const source: SqlSource = {
    dialect: "postgres",
    writable,
    listTables: (caller, signal) =>
      framed(signal === undefined ? { caller } : { caller, signal }, async ({ variant }) =>
        variant.tables.map(summaryOf),
      ),
    describeTable: (name, caller, signal) =>
      framed(signal === undefined ? { caller } : { caller, signal }, async (frame) => {
        const table = tableNamed(frame, name);
        const details = await pool.use((one) => loadDetails(one, table.relation.oid, limits.timeoutMs), signal);
        return descriptionOf(frame.variant, table, details);
      }),
    query: (request) =>
      framed(request, async (frame) => {
        const admitted = gate.admitRead(request.sql, frame.variant);
        if (limits.maxCost !== undefined) {
          const plan = await planOf(pool, frame, {
            text: admitted.parsed.text,
            values: encodeParams(request.params, admitted.lastParam),
          });
          if ((plan["Total Cost"] ?? 0) > limits.maxCost) throw new SqlError("too_costly");
        }
        return queryPage(pool, cursors, frame, admitted, request);
      }),
    explain: (statement) =>
      framed(statement, async (frame) =>
        explain(pool, frame, gate.admitRead(statement.sql, frame.variant), statement.params),
      ),
    sampleRows: (name, request) =>
      framed(request, async (frame) => {
        const sql = `select ${columnList(tableNamed(frame, name))} from ${sqlName(tableNamed(frame, name))}`;
        return queryPage(pool, cursors, frame, gate.admitRead(sql, frame.variant), { ...request, sql });
      }),
    forecast: (statement) =>
      framed(statement, async (frame) => {
        if (!writable) throw new SqlError("read_only");
        const admitted = gate.admitChange(statement.sql, frame.variant);
        return forecast(pool, frame, admitted, encodeParams(statement.params, admitted.lastParam));
      }),
    execute: (request) =>
      framed(request, async (frame) => {
        if (!writable) throw new SqlError("read_only");
        const admitted = gate.admitChange(request.sql, frame.variant);
        return execute(pool, frame, admitted, encodeParams(request.params, admitted.lastParam), request);
      }),
    async health() {
      try {
        await pool.use(
          (one) => rowsOf(one.run, "select", [], HEALTH_TIMEOUT_MS),
          AbortSignal.timeout(HEALTH_TIMEOUT_MS),
        );
        return "up";
      } catch (error) {
        // No connection was free: all are busy with what was asked, or wait for a database that is gone and does not say so.
        const isBusy = error instanceof SqlError && error.code === "cancelled";
        return isBusy && (await isReached(target, HEALTH_TIMEOUT_MS)) ? "up" : "away";
      }
    },
    close: () => pool.close(),
  };
  try {
    await pool.use(async () => {});
    return source;
  } catch (error) {
    await pool.close();
    throw sqlErrorOf(error);
  }
}

/** A table was changed since the statement was prepared; it did not run, and is prepared anew the next time. */
function isStale({ cause }: SqlError): boolean {
  return (cause as { routine?: unknown } | undefined)?.routine === "RevalidateCachedQuery";
}

/** Of names that were found in the catalogue. */
function sqlName({ name, relation }: Visible): string {
  return name === relation.name ? identifier(name) : `${identifier(relation.schema)}.${identifier(relation.name)}`;
}

function columnList({ columns }: Visible): string {
  return columns.map(({ name }) => identifier(name)).join(", ");
}
