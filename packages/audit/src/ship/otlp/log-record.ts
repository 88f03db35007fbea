import type { Attributes } from "@opentelemetry/api";
import type { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import type { Resource } from "@opentelemetry/resources";
import type { Item } from "../target/target.ts";
import { urgencyOf, viewRecord } from "../view/record-view.ts";

/** By the exporter's name for it: the package that declares it is a dependency of the exporter and none of ours. */
type ReadableLogRecord = Parameters<OTLPLogExporter["export"]>[0][number];

const SCOPE = { name: "@hardened-mcp/audit" } as const;
const SEVERITY = { error: [17, "ERROR"], warning: [13, "WARN"], info: [9, "INFO"] } as const;
const OURS = "hardened_mcp.audit";

/**
 * An item as an OpenTelemetry log record.
 *
 * The body is the line itself, byte for byte: bodies in the order of `seq`, one a line, are the log again, and can be
 * verified. Attributes are for searching. Arguments are not among them, as the conventions leave them to opt-in.
 */
export function logRecord(item: Item, resource: Resource, now: number): ReadableLogRecord {
  const common = { resource, instrumentationScope: SCOPE, droppedAttributesCount: 0, hrTimeObserved: hrTime(now) };
  if (item.kind === "note") {
    return {
      ...common,
      hrTime: hrTime(now),
      ...severity("info"),
      eventName: `${OURS}.checkpoint`,
      body: item.note,
      attributes: { [`${OURS}.log`]: item.log, [`${OURS}.size`]: item.size },
    };
  }
  if (item.kind === "gap") {
    const { log, code, from, to } = item;
    return {
      ...common,
      hrTime: hrTime(now),
      ...severity("error"),
      eventName: "hardened_mcp.gap",
      body: gapText(item),
      attributes: {
        [`${OURS}.log`]: log,
        "hardened_mcp.gap.reason": code,
        "hardened_mcp.gap.from": from,
        "hardened_mcp.gap.to": to,
      },
    };
  }
  const view = viewRecord(item.line);
  return {
    ...common,
    hrTime: hrTime(Date.parse(view.ts) || now),
    ...severity(urgencyOf(view)),
    eventName: `${OURS}.${view.type}`,
    body: item.line,
    ...trace(view.trace),
    attributes: {
      [`${OURS}.log`]: item.log,
      [`${OURS}.seq`]: item.seq,
      [`${OURS}.hash`]: item.hash,
      [`${OURS}.type`]: view.type,
      ...(view.ref === "" ? {} : { [`${OURS}.ref`]: view.ref }),
      ...Object.fromEntries(Object.entries(view.parts).map(([name, value]) => [`${OURS}.${name}`, value])),
      ...conventional(view.type, view.parts),
    },
  };
}

/** What a gap means, in words. */
export function gapText({ log, code, from, to }: Extract<Item, { kind: "gap" }>): string {
  return `audit log ${log}: numbers go on at ${to} instead of ${from} (${code})`;
}

/** Names of the OpenTelemetry conventions for MCP, where there are any. */
function conventional(type: string, parts: Readonly<Record<string, string | number | boolean>>): Attributes {
  const isCall = type.startsWith("call.") || type.startsWith("approval.");
  const tool = parts["tool.name"];
  const error = errorType(type, parts);
  return {
    ...(isCall ? { "mcp.method.name": "tools/call", "gen_ai.operation.name": "execute_tool" } : {}),
    ...(tool === undefined ? {} : { "gen_ai.tool.name": tool }),
    ...(parts["actor.subject"] === undefined ? {} : { "enduser.id": parts["actor.subject"] }),
    ...(error === undefined ? {} : { "error.type": error }),
  };
}

/** A result with `isError` is `tool_error` by the conventions; what never became a call has the code of its refusal. */
function errorType(type: string, parts: Readonly<Record<string, string | number | boolean>>): Attributes[string] {
  if (parts["outcome.isError"] === true || type === "call.refused") return "tool_error";
  return type === "auth.failed" || type === "entry.rejected" ? (parts["decision.code"] ?? type) : undefined;
}

function severity(urgency: keyof typeof SEVERITY): { severityNumber: number; severityText: string } {
  const [severityNumber, severityText] = SEVERITY[urgency];
  return { severityNumber, severityText };
}

function hrTime(ms: number): [number, number] {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}

/** The span is not on record: an empty id says so in OTLP. */
function trace(id: string | undefined): Pick<ReadableLogRecord, "spanContext"> {
  if (id === undefined || !/^(?!0+$)[0-9a-f]{32}$/.test(id)) return {};
  return { spanContext: { traceId: id, spanId: "", traceFlags: 0 } };
}
