import type { AuditDetail } from "../event.ts";
import type { Frontier } from "../tree/frontier.ts";
import { createFrontier } from "../tree/frontier.ts";
import type { Hash } from "../tree/node-hash.ts";

/** The details of a `log.segment` record: the edge of the tree before it. */
export function edgeDetail(frontier: Frontier): AuditDetail {
  const detail: Record<string, string | number> = { size: frontier.size, root: frontier.root() };
  for (const [i, node] of frontier.nodes().entries()) detail[`frontier.${i}`] = node;
  return detail;
}

/** The edge that a `log.segment` record tells of; undefined where it is none, or contradicts itself. */
export function parseEdge(detail: unknown): Frontier | undefined {
  if (typeof detail !== "object" || detail === null) return undefined;
  const fields = detail as Readonly<Record<string, unknown>>;
  const nodes: Hash[] = [];
  for (let i = 0; typeof fields[`frontier.${i}`] === "string"; i++) nodes.push(String(fields[`frontier.${i}`]));
  if (!nodes.every((node) => /^[\w-]{43}$/.test(node))) return undefined;
  try {
    const frontier = createFrontier(Number(fields["size"]), nodes);
    return frontier.root() === fields["root"] ? frontier : undefined;
  } catch {
    return undefined;
  }
}
