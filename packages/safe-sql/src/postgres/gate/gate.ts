import { SqlError } from "../../errors.ts";
import type { Variant } from "../rules/variant.ts";
import { type Parsed, parseOne } from "./ast.ts";
import { type Judgement, judge } from "./judge.ts";
import type { Scope } from "./scope.ts";
import { measure } from "./size/measure.ts";

/** A statement that was let through for one variant of the rules. */
export interface Admitted extends Judgement {
  readonly parsed: Parsed;
}

/** Decides about statements, and remembers: most are asked again. */
export interface Gate {
  /** @throws {SqlError} `syntax`, `not_one_statement`, `not_a_read`, `denied`, `unknown_name`, `too_large` */
  admitRead(sql: string, variant: Variant): Admitted;
  /** One INSERT, UPDATE or DELETE. @throws {SqlError} the same, and `not_a_change` */
  admitChange(sql: string, variant: Variant): Admitted;
}

const CHANGES: readonly string[] = ["InsertStmt", "UpdateStmt", "DeleteStmt"];

/** Texts remembered, and the longest that is: together at most 32 MB. */
const MAX_REMEMBERED = 500;
const MAX_REMEMBERED_LENGTH = 20_000;

export function createGate(maxSqlLength: number): Gate {
  const remembered = new WeakMap<Variant, Map<string, Admitted>>();
  function admit(sql: string, variant: Variant, isChange: boolean): Admitted {
    if (sql.length > maxSqlLength) throw new SqlError("too_large", { hint: "the statement is too long" });
    const key = `${isChange ? "change" : "read"} ${sql}`;
    // A variant is made anew with every change of the catalogue or the rules, and what was decided under it goes with it.
    const decided = remembered.get(variant) ?? new Map<string, Admitted>();
    remembered.set(variant, decided);
    const known = decided.get(key);
    if (known !== undefined) return known;
    const parsed = parseOne(sql);
    if (isChange && !CHANGES.includes(parsed.kind)) throw new SqlError("not_a_change");
    if (!isChange && parsed.kind !== "SelectStmt") throw new SqlError("not_a_read");
    const admitted = { parsed, ...judged(parsed, variant.scope, isChange) };
    if (sql.length <= MAX_REMEMBERED_LENGTH) {
      const [oldest] = decided.keys();
      if (decided.size >= MAX_REMEMBERED && oldest !== undefined) decided.delete(oldest);
      decided.set(key, admitted);
    }
    return admitted;
  }

  return {
    admitRead: (sql, variant) => admit(sql, variant, false),
    admitChange: (sql, variant) => admit(sql, variant, true),
  };
}

function judged(parsed: Parsed, scope: Scope, isChange: boolean): Judgement {
  try {
    const judgement = judge(parsed, scope, isChange);
    measure(parsed.tree, scope);
    return judgement;
  } catch (cause) {
    // Those who walk the tree call themselves for each of its levels, and some take more of the stack for one than others.
    if (cause instanceof RangeError)
      throw new SqlError("too_large", { hint: "the statement is nested too deeply", cause });
    throw cause;
  }
}
