import { SqlError } from "../../errors.ts";
import type { ChangeRequest, ChangeResult } from "../../source.ts";
import type { Connection } from "../connect/connection.ts";
import type { Pool } from "../connect/pool.ts";
import { PREPARED, rowsOf } from "../connect/prepared.ts";
import type { Admitted } from "../gate/gate.ts";
import { boundsOf, type Frame, opening } from "../read/run.ts";
import { identifier } from "../rules/identifier.ts";
import { createPageSink } from "../wire/page-sink.ts";
import { sqlErrorOf } from "../wire/sqlstate.ts";
import { forecastOf } from "./forecast.ts";
import { type Change, changeOf } from "./target.ts";

/**
 * Runs a change in a transaction of its own, and undoes it where it went further than is allowed: what a condition matches is known
 * for certain only afterwards.
 */
export async function execute(
  pool: Pool,
  frame: Frame,
  admitted: Admitted,
  values: readonly (string | null)[],
  { everyRow = false, expected }: Pick<ChangeRequest, "everyRow" | "expected">,
): Promise<ChangeResult> {
  const change = changeOf(admitted, frame.variant);
  if (expected !== undefined && expected !== change.effect)
    throw new SqlError("conflict", { hint: `its effect is ${change.effect}` });
  if (change.isOfEveryRow && !everyRow) throw new SqlError("every_row");
  const { limits, signal } = frame;
  return pool.use(async (connection) => {
    const sink = createPageSink(limits, () => {});
    const bounds = boundsOf(frame);
    const asked = { statement: { text: admitted.parsed.text }, values, sink };
    const { text } = admitted.parsed;
    await connection.run([...opening("write", frame), asked], bounds).catch((error: unknown) => {
      throw sqlErrorOf(error, { sql: text, offset: 0 });
    });
    const changedRows = Number(sink.tag?.split(" ").at(-1));
    if (!Number.isSafeInteger(changedRows)) throw new SqlError("failed");
    // What is thrown here rolls the transaction back: the pool does so before the connection is used again.
    if (changedRows > limits.maxChangedRows) throw new SqlError("too_many_rows");
    // One row that was named is meant, also where there is no other.
    if (!everyRow && changedRows > 1 && (await isEveryRow(connection, change, changedRows, bounds)))
      throw new SqlError("every_row");
    await commit(connection, bounds);
    return {
      ...forecastOf(change),
      changedRows,
      // What does not fit is cut off: the statement cannot be asked again for the rest.
      ...(sink.fields.length > 0 && { returned: { columns: sink.fields, rows: sink.rows, cutCells: sink.cutCells } }),
    };
  }, signal);
}

/** Whether no row is left untouched, `WHERE true` for one. */
async function isEveryRow(
  connection: Connection,
  { statement, target }: Change,
  changedRows: number,
  bounds: ReturnType<typeof boundsOf>,
): Promise<boolean> {
  if (statement === "insert") return false;
  const { relation, name } = target;
  const table =
    name === relation.name ? identifier(name) : `${identifier(relation.schema)}.${identifier(relation.name)}`;
  const limit = statement === "delete" ? 1 : changedRows + 1;
  const text = `select count(*) from (select from ${table} limit ${limit}) as hm_left`;
  const [row] = await rowsOf(connection.run, text, [], bounds.timeoutMs);
  const count = Number(row?.[0]);
  return statement === "delete" ? count === 0 : count <= changedRows;
}

/** With what a trigger may have set for the session undone. */
async function commit(connection: Connection, bounds: ReturnType<typeof boundsOf>): Promise<void> {
  try {
    await connection.run(
      [{ statement: { prepared: PREPARED.commit } }, { statement: { prepared: PREPARED.reset } }],
      bounds,
    );
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith("57P")) throw cause;
    connection.destroy();
    throw new SqlError("unavailable", { hint: "whether the change was made is not known", cause });
  }
}
