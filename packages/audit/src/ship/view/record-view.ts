/** Parts of a record that receivers search by. Only what has the expected type: a log can be forged, and is sent all the same. */
export interface RecordView {
  readonly type: string;
  /** ISO 8601. */
  readonly ts: string;
  readonly ref: string;
  readonly trace: string | undefined;
  /** Flat, such as `tool.name`. */
  readonly parts: Readonly<Record<string, string | number | boolean>>;
}

const PARTS = ["actor", "tool", "decision", "outcome"] as const;

/** @param line a record whose hash was checked, so JSON and an object */
export function viewRecord(line: string): RecordView {
  const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const parts: Record<string, string | number | boolean> = {};
  for (const part of PARTS) {
    const fields = record[part];
    if (typeof fields !== "object" || fields === null) continue;
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        parts[`${part}.${name}`] = value;
      }
    }
  }
  const string = (name: string): string | undefined => {
    const value = record[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    type: string("type") ?? "",
    ts: string("ts") ?? "",
    ref: string("ref") ?? "",
    trace: string("trace"),
    parts,
  };
}

/** How urgent a record is. */
export type Urgency = "error" | "warning" | "info";

const WARNINGS = new Set([
  "call.refused",
  "entry.rejected",
  "weakening",
  "tool.changed",
  "approval.expired",
  "log.recovered",
  "log.unfinished",
  "log.unsigned",
  "log.clock_stepped",
]);

/** Who could not prove who they are, and our own failures, are errors; refusals and what weakens the log are warnings. */
export function urgencyOf({ type, parts }: RecordView): Urgency {
  if (type === "auth.failed" || parts["outcome.code"] === "internal" || parts["decision.code"] === "internal") {
    return "error";
  }
  return WARNINGS.has(type) ? "warning" : "info";
}
