import type { AuditRecord } from "./audit-record.ts";
import type { RecordType } from "./record-types.ts";

/** How what a record tells went. */
export type Status = "success" | "failure" | "pending" | "unknown";
/** How much it matters: `info` asks for nothing, `high` wants somebody now. */
export type Severity = "info" | "low" | "medium" | "high";

/** What to make of a record. */
export interface Judgement {
  readonly status: Status;
  /** Undefined: of a type that this version does not know. */
  readonly severity: Severity | undefined;
}

const fine: Judgement = { status: "success", severity: "info" };
const pending: Judgement = { status: "pending", severity: "info" };
const notable = (severity: Severity): Judgement => ({ status: "success", severity });
const failed = (severity: Severity): Judgement => ({ status: "failure", severity });

/** Codes that tell of a fault of the server, not of the caller. */
const OURS: ReadonlySet<string> = new Set(["internal", "unavailable", "timeout"]);

const JUDGEMENTS: Readonly<Record<RecordType, (record: AuditRecord) => Judgement>> = {
  "call.intent": () => pending,
  "call.outcome": ({ outcome }) =>
    outcome?.isError === true ? failed(OURS.has(outcome.code) ? "medium" : "low") : fine,
  "call.refused": ({ decision }) => failed(OURS.has(decision?.code ?? "") ? "medium" : "low"),
  "entry.rejected": ({ decision }) => failed(decision?.rule === "flood" ? "medium" : "low"),
  "auth.failed": () => failed("medium"),
  "approval.requested": () => pending,
  "approval.decided": ({ decision }) => (decision?.effect === "deny" ? notable("low") : fine),
  "approval.consumed": () => fine,
  "approval.expired": () => failed("low"),
  "server.started": ({ detail }) => ((detail?.["weakening"] ?? "") === "" ? fine : notable("high")),
  "server.stopped": () => fine,
  "config.loaded": ({ detail }) => (detail?.["outcome"] === "refused" ? failed("medium") : fine),
  weakening: () => notable("high"),
  "state.changed": ({ detail }) => (detail?.["available"] === false ? failed("medium") : fine),
  "switch.changed": () => notable("low"),
  "tool.changed": ({ detail }) => notable(detail?.["change"] === "changed" ? "medium" : "low"),
  "log.opened": () => fine,
  "log.recovered": () => notable("medium"),
  "log.segment": () => fine,
  "log.pruned": () => fine,
  "log.key_rotated": () => notable("low"),
  "log.unsigned": () => failed("high"),
  "log.signed": () => fine,
  "log.digest_key": () => fine,
  "log.digest_key_destroyed": () => fine,
  "log.clock_stepped": () => notable("medium"),
  "log.unfinished": () => ({ status: "unknown", severity: "medium" }),
  "log.stopped": () => fine,
};

/** One judgement for every reader: what `tail` shows in red, `export` must not call informational. */
export function judge(record: AuditRecord): Judgement {
  const { type } = record;
  if (!Object.hasOwn(JUDGEMENTS, type)) return { status: "unknown", severity: undefined };
  return JUDGEMENTS[type as RecordType](record);
}
