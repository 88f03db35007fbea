import type { AuditTool } from "../event.ts";

/**
 * Tools by name. A tool and a prompt may have one name; the second is `NAME#2`, so that it does not hide the first. No
 * name that a server accepts holds a `#`.
 */
export function keyedTools(tools: readonly AuditTool[]): ReadonlyMap<string, AuditTool> {
  const keyed = new Map<string, AuditTool>();
  const times = new Map<string, number>();
  for (const tool of tools) {
    const nth = (times.get(tool.name) ?? 0) + 1;
    times.set(tool.name, nth);
    keyed.set(nth === 1 ? tool.name : `${tool.name}#${nth}`, tool);
  }
  return keyed;
}
