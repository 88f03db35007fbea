import { SqlError } from "../../errors.ts";
import { folded } from "../fold.ts";
import type { Connection } from "./connection.ts";
import { quoted, rowsOf } from "./engine.ts";
import { maskExpression } from "./masks.ts";
import type { Access } from "./policy.ts";
import { unordered } from "./unordered.ts";
import { mayReadUnseen } from "./unseen.ts";

type Restricted = Extract<Access, { kind: "restricted" }>;

/**
 * Puts a view of ours before every relation that is not open. SQLite looks for a name in the temporary schema first, so the caller's
 * `customers` is ours, and what a rule denies is not there to be named.
 */
export function createViews(connection: Connection): void {
  for (const [name, access] of connection.policy) {
    if (access.kind === "restricted") {
      restrict(connection, name, access);
    } else if (access.kind === "hidden") {
      hide(connection, name);
    } else if (access.relation.kind === "virtual") {
      connect(connection, name);
    }
  }
}

function restrict(connection: Connection, name: string, { relation, rule, visible }: Restricted): void {
  const { engine, names, materialised } = connection;
  const inner = names.addInner(name);
  const masks = new Map(Object.entries(rule.masks).map(([column, mask]) => [folded(column), mask]));
  const columns = visible.map((column) => {
    const mask = masks.get(folded(column.name));
    return mask === undefined
      ? quoted(column.name)
      : `${maskExpression(column.name, mask, names.hash)} as ${quoted(column.name)}`;
  });
  // Without LIMIT the planner may run the caller's own conditions on rows that the filter leaves out, and their errors would tell.
  const filter = rule.filter === undefined ? "" : ` and (\n${rule.filter}\n)`;
  const barrier = filter !== "" || (materialised && masks.size > 0) ? " limit -1" : "";
  const plain = new Set(visible.map(({ name }) => folded(name)).filter((name) => !masks.has(name)));
  const from = `${quoted(names.schema)}.${quoted(relation.name)} ${unordered(connection, relation, plain)}`;
  engine.exec(`create temp view ${quoted(inner)} as select ${columns.join(", ")} from ${from}${filter}${barrier}`);
  const list = visible.map((column) => quoted(column.name)).join(", ");
  engine.exec(`create temp view ${quoted(relation.name)} as select ${list} from ${quoted(inner)}`);
  rowsOf(engine, `select * from ${quoted(relation.name)} limit 0`);
}

/** A view over nothing: a statement that names it fails in the way of a name that does not exist. */
function hide({ engine, names, catalogue }: Connection, name: string): void {
  const relation = catalogue.get(name);
  if (relation?.kind === "shadow") {
    names.addShadow(name);
  }
  if (relation !== undefined && relation.kind !== "internal") {
    const nothing = quoted(names.addHidden(relation.name));
    engine.exec(`create temp view ${quoted(relation.name)} as select * from ${nothing}`);
  }
}

/**
 * Hides the views of the file that read what the rules do not let be read. Compiling one raises the events of its whole body, whatever
 * columns of it a statement uses, so a view can be read as a whole or not at all.
 */
export function judgeViews(connection: Connection): void {
  const { engine, gate, names, policy } = connection;
  gate.judgingView = true;
  for (const [name, access] of policy) {
    if (access.kind !== "hidden" && access.relation.kind === "view") {
      const ours = access.kind === "restricted";
      const from = ours ? quoted(name) : `${quoted(names.schema)}.${quoted(name)}`;
      try {
        gate.as("compile", () => engine.prepare(`select * from ${from}`));
        if (mayReadUnseen(connection, name, from)) {
          throw new SqlError("denied");
        }
      } catch {
        if (ours) {
          gate.asOwn(() => engine.exec(`drop view temp.${quoted(name)}`));
        }
        policy.set(name, { kind: "hidden" });
        hide(connection, name);
      }
    }
  }
  gate.judgingView = false;
}

/** FTS and R-tree read their own tables when they are first used, through this handle: done here, before there is a gate. */
function connect({ engine, names }: Connection, name: string): void {
  rowsOf(engine, `select * from ${quoted(names.schema)}.${quoted(name)} limit 1`);
}
