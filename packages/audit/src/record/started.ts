import type { AuditDetail, ServerStarted } from "../event.ts";
import { keyedTools } from "./keyed-tools.ts";

/** `server.started` as a flat record: a reader can compare two starts and see which definition changed. */
export function startedDetail(event: ServerStarted): AuditDetail {
  const detail: Record<string, string | number> = {
    version: event.version,
    transport: event.transport,
    config: event.config,
    weakening: event.weakening.join(" "),
    tools: event.tools.length,
  };
  for (const [key, { effect, def }] of keyedTools(event.tools)) detail[`tool.${key}`] = `${effect ?? ""} ${def ?? ""}`;
  return detail;
}
