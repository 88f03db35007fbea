import type { AuditDetail } from "../event.ts";
import { type Detail, edgeOf, sizeOf, textOf } from "../record/detail.ts";
import { createFrontier, type Frontier } from "../tree/frontier.ts";

/** The details of a `log.segment` record: the edge of the tree before it. */
export function edgeDetail(frontier: Frontier): AuditDetail {
  const detail: Record<string, string | number> = { size: frontier.size, root: frontier.root() };
  for (const [i, node] of frontier.nodes().entries()) detail[`frontier.${i}`] = node;
  return detail;
}

/** The edge that a `log.segment` record tells of; undefined where it is none, or contradicts itself. */
export function parseEdge(detail: Detail): Frontier | undefined {
  try {
    const frontier = createFrontier(sizeOf(detail, "size"), edgeOf(detail));
    return frontier.root() === textOf(detail, "root") ? frontier : undefined;
  } catch {
    return undefined;
  }
}
