import type { ChangeForecast } from "../../source.ts";
import type { Pool } from "../connect/pool.ts";
import type { Admitted } from "../gate/gate.ts";
import { planOf } from "../read/explain.ts";
import type { Frame } from "../read/run.ts";
import { type Change, changeOf } from "./target.ts";

/** What a change would do, without doing it. How many rows a filter hides is not told by an estimate. */
export async function forecast(
  pool: Pool,
  frame: Frame,
  admitted: Admitted,
  values: readonly (string | null)[],
): Promise<ChangeForecast> {
  const change = changeOf(admitted, frame.variant);
  const plan = await planOf(pool, frame, { text: admitted.parsed.text, values });
  const rows = plan.Plans?.[0]?.["Plan Rows"];
  const isFiltered = change.target.rules?.filter !== undefined || change.target.relation.hasRowSecurity;
  return { ...forecastOf(change), ...(rows !== undefined && !isFiltered && { estimatedRows: rows }) };
}

export function forecastOf({ effect, statement, target }: Change): ChangeForecast {
  return { effect, statement, table: target.name };
}
