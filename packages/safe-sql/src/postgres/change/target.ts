import { SqlError } from "../../errors.ts";
import type { ChangeForecast } from "../../source.ts";
import { isTree } from "../gate/ast.ts";
import type { Admitted } from "../gate/gate.ts";
import type { Visible } from "../gate/scope.ts";
import type { Variant } from "../rules/variant.ts";

/** What a statement that was let through changes, by its parse tree. */
export interface Change {
  readonly effect: ChangeForecast["effect"];
  readonly statement: ChangeForecast["statement"];
  readonly target: Visible;
  /** An UPDATE or DELETE without WHERE. */
  readonly isOfEveryRow: boolean;
}

/** @throws {SqlError} `denied` where the rules do not name the change; `unknown_name` */
export function changeOf({ parsed }: Admitted, { scope, rules }: Variant): Change {
  const statement = parsed.kind.replace("Stmt", "").toLowerCase() as ChangeForecast["statement"];
  const conflict = parsed.tree["onConflictClause"];
  const overwrites = isTree(conflict) && conflict["action"] !== "ONCONFLICT_NOTHING";
  const relation = isTree(parsed.tree["relation"]) ? parsed.tree["relation"] : {};
  const schema = relation["schemaname"] === undefined ? undefined : String(relation["schemaname"]);
  const target = scope.table(schema, String(relation["relname"]));
  if (target === undefined) throw new SqlError("unknown_name");
  const allowed = rules.tables === undefined ? [statement] : (target.rules?.write ?? []);
  // INSERT ... ON CONFLICT DO UPDATE is both.
  if (!allowed.includes(statement) || (overwrites && rules.tables !== undefined && !allowed.includes("update")))
    throw new SqlError("denied", { hint: `${statement} of ${target.name}` });
  return {
    effect: statement === "insert" && !overwrites ? "write" : "destroy",
    statement,
    target,
    isOfEveryRow: statement !== "insert" && parsed.tree["whereClause"] === undefined,
  };
}
