import type { AuditTool } from "../event.ts";

/** The fields of a record that a start looks at. */
export interface WholeRecord {
  readonly log: string;
  readonly seq: number;
  readonly ts: string;
  readonly type: string;
  readonly tool: AuditTool | undefined;
  readonly detail: Readonly<Record<string, unknown>> | undefined;
}

/** @returns undefined for what is no record; its hash is not looked at */
export function parseRecord(line: string | undefined): WholeRecord | undefined {
  if (line === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { log, seq, ts, type, tool, detail } = value as Partial<Record<keyof WholeRecord, unknown>>;
  if (typeof log !== "string" || typeof seq !== "number" || typeof ts !== "string" || typeof type !== "string")
    return undefined;
  return {
    log,
    seq,
    ts,
    type,
    tool: isObject(tool) ? (tool as unknown as AuditTool) : undefined,
    detail: isObject(detail) ? detail : undefined,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
