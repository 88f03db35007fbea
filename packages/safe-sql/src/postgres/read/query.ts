import type { SqlParam } from "../../cells.ts";
import { SqlError } from "../../errors.ts";
import type { Caller, QueryRequest, ResultPage } from "../../source.ts";
import type { Pool } from "../connect/pool.ts";
import { keysetOf, pageByKey, pageBySkip, WRAPPED } from "../cursor/keyset.ts";
import type { CursorCodec, Position } from "../cursor/token.ts";
import type { Admitted } from "../gate/gate.ts";
import type { Variant } from "../rules/variant.ts";
import { encodeParams } from "../wire/params.ts";
import { type Frame, type ReadStatement, runRead } from "./run.ts";

/** Position of a key that is longer is not put into a cursor. */
const MAX_KEY_LENGTH = 1000;

/** Runs one page of a statement that was let through. */
export async function queryPage(
  pool: Pool,
  cursors: CursorCodec,
  frame: Frame,
  admitted: Admitted,
  { sql, params, cursor, caller, maxRows }: QueryRequest,
): Promise<ResultPage> {
  const { limits, variant } = frame;
  const belongsTo = identityOf(sql, params, caller, variant);
  const at = cursor === undefined ? undefined : cursors.decode(cursor, belongsTo);
  const page = { ...limits, maxRows: Math.max(1, Math.min(maxRows ?? limits.maxRows, limits.maxRows)) };
  const values = encodeParams(params, admitted.lastParam);
  const keyset = keysetOf(admitted);
  if (at !== undefined && "after" in at !== (keyset !== undefined)) throw new SqlError("cursor");
  const statement = pageStatement(admitted, keyset, values, at, page.maxRows + 1);
  const sink = await runRead(pool, frame, statement, page);
  return {
    columns: sink.fields,
    rows: sink.rows,
    cutCells: sink.cutCells,
    ...(sink.isFull && { nextCursor: cursors.encode(nextPosition(), belongsTo) }),
  };

  function nextPosition(): Position {
    if (keyset !== undefined) {
      const after = sink.last[sink.fields.findIndex(({ name }) => name === keyset.column)];
      // A key that does not fit into a cursor: the statement cannot be paged further.
      if (typeof after !== "string" || after.length > MAX_KEY_LENGTH)
        throw new SqlError("too_large", { hint: "a key is too long" });
      return { after };
    }
    return { skip: (at !== undefined && "skip" in at ? at.skip : 0) + sink.rows.length };
  }
}

function pageStatement(
  { parsed }: Admitted,
  keyset: ReturnType<typeof keysetOf>,
  values: readonly (string | null)[],
  at: Position | undefined,
  limit: number,
): ReadStatement {
  const { text } = parsed;
  if (keyset !== undefined) {
    const after = at !== undefined && "after" in at ? [at.after] : [];
    return {
      text: pageByKey(text, keyset, values.length, after.length > 0),
      caller: { sql: text, offset: WRAPPED },
      values: [...values, ...after, String(limit)],
    };
  }
  if (at === undefined || !("skip" in at)) return { text, values, caller: { sql: text, offset: 0 } };
  return {
    caller: { sql: text, offset: WRAPPED },
    text: pageBySkip(text, values.length),
    values: [...values, String(at.skip)],
  };
}

/** All that decides which rows a statement has. */
function identityOf(
  sql: string,
  params: readonly SqlParam[] = [],
  caller: Caller,
  variant: Variant,
): readonly unknown[] {
  const { subject, issuer = null, tenant = null } = caller;
  return [sql, params, variant.rules.key, variant.searchPath, subject, issuer, tenant];
}
