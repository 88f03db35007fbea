import type { SQLInputValue } from "node:sqlite";
import type { SqlParam } from "../../cells.ts";
import { SqlError } from "../../errors.ts";
import { type Engine, prepareRows } from "./engine.ts";

/**
 * How many parameters a statement has. node:sqlite does not say, and binds NULL to those that are missing: so its EXPLAIN, which has the
 * same ones and touches nothing, is asked with more and more of them.
 *
 * @throws {SqlError} `params` for `:name`, `@name` and `$name`
 */
export function countParams(engine: Engine, sql: string): number {
  if (!/[?:@$]/.test(sql)) {
    return 0;
  }
  const probe = prepareRows(engine, `explain ${sql}`);
  for (const [name] of sql.matchAll(/[:@$][\w$:]+/g)) {
    if (accepts(() => probe.get({ [name]: null }))) {
      throw new SqlError("params", { hint: "Write parameters as ?, and send them in order." });
    }
  }
  let count = 0;
  while (accepts(() => probe.get(...new Array<null>(count + 1).fill(null)))) {
    count++;
  }
  return count;
}

function accepts(bind: () => unknown): boolean {
  try {
    bind();
    return true;
  } catch {
    return false;
  }
}

/** Parameters as SQLite takes them. Digits of an integer past 2^53 stay text: SQLite makes them a number where a column wants one. */
export function bound(params: readonly SqlParam[], wanted: number): SQLInputValue[] {
  if (params.length !== wanted) {
    throw new SqlError("params", { hint: `The statement has ${wanted} parameters, and ${params.length} came.` });
  }
  return params.map((param) => {
    switch (typeof param) {
      case "boolean":
        return param ? 1 : 0;
      case "number":
        return Number.isSafeInteger(param) ? BigInt(param) : param;
      case "object":
        return param === null ? null : Buffer.from(param.base64, "base64");
      default:
        return param;
    }
  });
}
