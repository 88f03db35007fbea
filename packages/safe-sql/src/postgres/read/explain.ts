import type { SqlParam } from "../../cells.ts";
import { SqlError } from "../../errors.ts";
import type { Explanation } from "../../source.ts";
import type { Pool } from "../connect/pool.ts";
import type { Admitted } from "../gate/gate.ts";
import type { Visible } from "../gate/scope.ts";
import { isRestricted } from "../rules/restricted.ts";
import { encodeParams } from "../wire/params.ts";
import { type Frame, type ReadStatement, runRead } from "./run.ts";

/** A node of `EXPLAIN (FORMAT JSON)`. */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Join Type"?: string;
  readonly "Plan Rows"?: number;
  readonly "Total Cost"?: number;
  readonly Plans?: readonly PlanNode[];
  readonly [property: string]: unknown;
}

/** What is told of a step besides what it is, where nothing it reads is restricted. */
const CONDITIONS = [
  "Index Cond",
  "Recheck Cond",
  "Filter",
  "Join Filter",
  "Hash Cond",
  "Merge Cond",
  "Sort Key",
  "Group Key",
];
const EXPLAIN = "explain (format json, costs true)\n";
const MAX_PLAN_BYTES = 4 * 1024 * 1024;

/** What the planner says of a statement, which is not run. */
export async function planOf(pool: Pool, frame: Frame, { text, values }: ReadStatement): Promise<PlanNode> {
  const page = { maxRows: 1, maxBytes: MAX_PLAN_BYTES, maxCellBytes: MAX_PLAN_BYTES };
  const asked = { text: `${EXPLAIN}${text}`, values, caller: { sql: text, offset: EXPLAIN.length } };
  const sink = await runRead(pool, frame, asked, page);
  const plan = sink.rows[0]?.[0];
  if (typeof plan !== "string" || sink.cutCells > 0) throw new SqlError("too_large", { hint: "the plan is too large" });
  return (JSON.parse(plan) as { Plan: PlanNode }[])[0]?.Plan as PlanNode;
}

/** The plan as the caller may see it: conditions tell masks and filters, row counts tell rows that are filtered out. */
export async function explain(
  pool: Pool,
  frame: Frame,
  admitted: Admitted,
  params: readonly SqlParam[] | undefined,
): Promise<Explanation> {
  const root = await planOf(pool, frame, {
    text: admitted.parsed.text,
    values: encodeParams(params, admitted.lastParam),
  });
  const { reads } = admitted;
  // A view hides what is behind it, even where it is served as it is.
  const isOpen = reads.every(({ rules, relation }) => !isRestricted(rules) && !relation.isView);
  const isCounted = reads.every(({ rules, relation }) => rules?.filter === undefined && !relation.hasRowSecurity);
  const names = new Map(reads.map((one) => [one.relation.name, one.name]));
  return {
    plan: lines(root, 0),
    ...(isCounted && { estimatedCost: root["Total Cost"] ?? 0, estimatedRows: root["Plan Rows"] ?? 0 }),
    reads: reads.map((one) => ({ table: one.name, columns: readColumns(one, admitted.columns) })),
  };

  function lines(node: PlanNode, depth: number): string[] {
    const relation = node["Relation Name"] === undefined ? undefined : names.get(node["Relation Name"]);
    const words = [
      `${"  ".repeat(depth)}${node["Join Type"] === undefined ? "" : `${node["Join Type"]} `}${node["Node Type"]}`,
      ...(relation === undefined ? [] : [`on ${relation}`]),
      ...(isOpen && node["Index Name"] !== undefined ? [`using ${node["Index Name"]}`] : []),
      ...(isCounted ? [`(cost ${node["Total Cost"]}, rows ${node["Plan Rows"]})`] : []),
    ];
    const details = isOpen
      ? CONDITIONS.flatMap((name) => (node[name] === undefined ? [] : [`${name}: ${node[name]}`]))
      : [];
    return [[...words, ...details].join(" "), ...(node.Plans ?? []).flatMap((child) => lines(child, depth + 1))];
  }
}

/** By name alone: a name that two tables have counts for both. */
function readColumns({ columns }: Visible, named: ReadonlySet<string>): readonly string[] {
  return columns.map(({ name }) => name).filter((name) => named.has("*") || named.has(name));
}
