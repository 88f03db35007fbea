import type { AuditDecision } from "../../event.ts";
import type { AuditRecord } from "../audit-record.ts";
import { judge, type Severity, type Status } from "../judge.ts";
import type { OcsfEvent } from "./event.ts";

type Classification = Pick<
  OcsfEvent,
  "activity_id" | "activity_name" | "type_uid" | "type_name" | "severity_id" | "severity" | "status_id" | "status"
>;

/** A tool declares an effect, not which of create and update it does: `write` is the one of the two that may be both. */
const ACTIVITIES = {
  read: [2, "Read"],
  write: [3, "Update"],
  destroy: [4, "Delete"],
  external: [99, "External"],
} as const;

const STATUSES: Readonly<Record<Status, readonly [OcsfEvent["status_id"], string]>> = {
  unknown: [0, "Unknown"],
  success: [1, "Success"],
  failure: [2, "Failure"],
  pending: [99, "Pending"],
};

const SEVERITIES: Readonly<Record<Severity, readonly [OcsfEvent["severity_id"], string]>> = {
  info: [1, "Informational"],
  low: [2, "Low"],
  medium: [3, "Medium"],
  high: [4, "High"],
};

/** What an analyst filters by. */
export function classify(record: AuditRecord): Classification {
  const { status, severity } = judge(record);
  const [activity_id, activity_name] = activityOf(record);
  const [status_id, statusName] = STATUSES[status];
  const [severity_id, severityName] = severity === undefined ? ([0, "Unknown"] as const) : SEVERITIES[severity];
  return {
    activity_id,
    activity_name,
    type_uid: 600_300 + activity_id,
    // Of the number, not of the activity's own name.
    type_name: `API Activity: ${activity_id === 99 ? "Other" : activity_name}`,
    severity_id,
    severity: severityName,
    status_id,
    status: statusName,
  };
}

/** A call does what its tool is declared to do. All else is no call: its own name is its activity. */
function activityOf({ type, tool }: AuditRecord): readonly [OcsfEvent["activity_id"], string] {
  if (!type.startsWith("call.")) return [99, type];
  return tool?.effect === undefined ? [0, "Unknown"] : ACTIVITIES[tool.effect];
}

type Control = Pick<OcsfEvent, "action_id" | "action" | "disposition_id" | "disposition" | "policy">;

/** The profile Security Control: what was decided, and by which rule. */
export function controlOf(type: string, decision: AuditDecision): Control {
  const policy = decision.rule === undefined ? {} : { policy: { name: decision.rule, is_applied: true as const } };
  return { ...actionOf(type, decision), ...policy };
}

function actionOf(type: string, { effect, code }: AuditDecision): Control {
  if (effect === "approve") {
    return { action_id: 99, action: "Approval requested", disposition_id: 14, disposition: "Delayed" };
  }
  const byPerson = type.startsWith("approval.");
  if (effect === "allow") {
    const allowed = { action_id: 1, action: "Allowed" } as const;
    if (byPerson) return { ...allowed, disposition_id: 8, disposition: "Approved" };
    return { ...allowed, disposition_id: 1, disposition: "Allowed" };
  }
  const denied = { action_id: 2, action: "Denied" } as const;
  if (byPerson || code === "invalid_input") return { ...denied, disposition_id: 25, disposition: "Rejected" };
  if (code === "denied") return { ...denied, disposition_id: 26, disposition: "Unauthorized" };
  return { ...denied, disposition_id: 2, disposition: "Blocked" };
}
