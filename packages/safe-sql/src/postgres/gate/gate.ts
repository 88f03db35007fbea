import { SqlError } from "../../errors.ts";
import type { Variant, Visible } from "../rules/variant.ts";
import { type Parsed, parseOne } from "./ast.ts";
import { type Judgement, judge } from "./judge.ts";

/** A statement that was let through for one variant of the rules. */
export interface Admitted extends Judgement<Visible> {
  readonly parsed: Parsed;
}

/** Decides about statements, and remembers: most are asked again. */
export interface Gate {
  /** @throws {SqlError} `syntax`, `not_one_statement`, `not_a_read`, `denied`, `unknown_name`, `too_large` */
  admitRead(sql: string, variant: Variant): Admitted;
}

/** Texts remembered, and the longest that is: together at most 32 MB. */
const MAX_REMEMBERED = 500;
const MAX_REMEMBERED_LENGTH = 20_000;

export function createGate(maxSqlLength: number): Gate {
  const remembered = new WeakMap<Variant, Map<string, Admitted>>();
  return {
    admitRead(sql, variant) {
      if (sql.length > maxSqlLength) throw new SqlError("too_large", { hint: "the statement is too long" });
      // A variant is made anew with every change of the catalogue or the rules, and what was decided under it goes with it.
      let decided = remembered.get(variant);
      if (decided === undefined) remembered.set(variant, (decided = new Map()));
      const known = decided.get(sql);
      if (known !== undefined) return known;
      const parsed = parseOne(sql);
      if (parsed.kind !== "SelectStmt") throw new SqlError("not_a_read");
      const admitted = { parsed, ...judge(parsed, variant.scope) };
      if (sql.length <= MAX_REMEMBERED_LENGTH) {
        const [oldest] = decided.keys();
        if (decided.size >= MAX_REMEMBERED && oldest !== undefined) decided.delete(oldest);
        decided.set(sql, admitted);
      }
      return admitted;
    },
  };
}
