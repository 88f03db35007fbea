import type { SqlParam } from "../../cells.ts";
import { SqlError } from "../../errors.ts";

const MAX_PARAMS = 65_535;

/**
 * Parameters as texts, which the server reads by the types it infers.
 *
 * @param last the highest number in the statement: one that has no value would be taken for one of ours that follow
 * @throws {SqlError} `params`
 */
export function encodeParams(params: readonly SqlParam[] = [], last = 0): readonly (string | null)[] {
  if (params.length < last) throw new SqlError("params", { hint: `there is no $${last}` });
  if (params.length > MAX_PARAMS) throw new SqlError("params", { hint: "too many" });
  return params.map((param, index) => {
    if (param === null || typeof param === "string") {
      if (param?.includes("\0") || param?.isWellFormed() === false)
        throw new SqlError("params", { hint: `$${index + 1} is not a text that the database can hold` });
      return param;
    }
    if (typeof param === "object") return `\\x${Buffer.from(param.base64, "base64").toString("hex")}`;
    return String(param);
  });
}
