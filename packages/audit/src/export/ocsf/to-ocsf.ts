import { isIP } from "node:net";
import { ascii } from "../ascii.ts";
import type { AuditRecord } from "../audit-record.ts";
import { classify, controlOf } from "./classify.ts";
import { OCSF_VERSION, type OcsfActor, type OcsfEvent, type OcsfMetadata, type OcsfUnmapped } from "./event.ts";

/** Types that no caller is behind: the server itself is who acts and where it comes from. */
const OWN = /^(server|config|state|switch|tool|log)\.|^weakening$/;

/**
 * The record as an event of class API Activity (6003). Nothing is lost but the order of fields; nothing is made up: what a
 * record does not say is left out, or `unknown` where the schema demands it. docs/audit/export.md has the table.
 */
export function toOcsf(record: AuditRecord): OcsfEvent {
  const { type, ts, tool, trace, decision, outcome, detail } = record;
  const code = outcome?.code ?? decision?.code;
  const failure = outcome?.isError === true || decision?.effect === "deny" ? code : undefined;
  return {
    ...classify(record),
    category_uid: 6,
    category_name: "Application Activity",
    class_uid: 6003,
    class_name: "API Activity",
    time: Date.parse(ts),
    ...(code === undefined ? {} : { status_code: code }),
    message: [type, tool?.name, code].filter((part) => part !== undefined).join(" "),
    ...(typeof outcome?.ms === "number" ? { duration: Math.round(outcome.ms) } : {}),
    actor: actorOf(record),
    api: {
      operation: text(detail?.["method"]) ?? type,
      service: { name: serverOf(record) },
      ...(record.ref === "" ? {} : { request: { uid: record.ref } }),
      ...(failure === undefined ? {} : { response: { error: failure } }),
    },
    src_endpoint: sourceOf(record),
    ...(tool === undefined ? {} : { resources: [resource(tool.name, tool.def)] }),
    ...(trace === undefined ? {} : { trace: { uid: trace } }),
    ...(decision === undefined ? {} : controlOf(type, decision)),
    metadata: metadataOf(record),
    unmapped: { mcp: rest(record) },
  };
}

/** One line of JSON in printable ASCII, with its line feed. */
export function ocsfLine(record: AuditRecord): string {
  return `${ascii(JSON.stringify(toOcsf(record)))}\n`;
}

function actorOf(record: AuditRecord): OcsfActor {
  const { type, actor, detail } = record;
  if (OWN.test(type)) {
    const who = text(detail?.["who"]);
    return { ...(who === undefined ? {} : { user: { name: who } }), app_name: serverOf(record) };
  }
  const { subject, issuer, client } = actor ?? {};
  return {
    user: subject === undefined ? { name: "unknown" } : { uid: subject },
    ...(issuer === undefined ? {} : { idp: { uid: issuer } }),
    ...(client === undefined ? {} : { app_uid: client }),
  };
}

function sourceOf(record: AuditRecord): OcsfEvent["src_endpoint"] {
  const address = text(record.detail?.["address"]);
  if (address !== undefined && isIP(address) !== 0) return { ip: address };
  if (OWN.test(record.type)) return { svc_name: serverOf(record) };
  // Over stdio the client is the process that started the server.
  return { name: record.detail?.["transport"] === "stdio" ? "stdio" : "unknown" };
}

function resource(name: string, def: string | undefined) {
  const version = def === undefined ? {} : { version: def };
  return { name, type: "MCP tool", ...version, role_id: 1, role: "Target" } as const;
}

function metadataOf(record: AuditRecord): OcsfMetadata {
  const { log, seq, ts, type, ref, actor, trace, decision } = record;
  const profiles = [
    ...(trace === undefined ? [] : (["trace"] as const)),
    ...(decision === undefined ? [] : (["security_control"] as const)),
  ];
  return {
    version: OCSF_VERSION,
    product: { name: "hardened-mcp", vendor_name: "hardened-mcp" },
    uid: `${log}/${seq}`,
    event_code: type,
    log_name: log,
    log_version: "1",
    sequence: seq,
    original_time: ts,
    ...(ref === "" ? {} : { correlation_uid: ref }),
    ...(actor?.tenant === undefined ? {} : { tenant_uid: actor.tenant }),
    ...(profiles.length === 0 ? {} : { profiles }),
  };
}

/** `prev` and `hash` let a reader of events go back to the log and prove them. */
function rest({ mono, tool, args, decision, outcome, detail, prev, hash }: AuditRecord): OcsfUnmapped {
  return {
    mono,
    ...(tool?.effect === undefined ? {} : { effect: tool.effect }),
    ...(args === undefined ? {} : { args }),
    ...(decision === undefined ? {} : { decision }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(detail === undefined ? {} : { detail }),
    prev,
    hash,
  };
}

/** The log's id begins with the server's. */
function serverOf({ log }: AuditRecord): string {
  return log.split("/", 1)[0] ?? log;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
