export type { AuditLog, AuditLogOptions } from "./audit-log.ts";
export { auditDefaults } from "./defaults.ts";
export { AuditError, type AuditErrorCode } from "./errors.ts";
export type {
  ApprovalEvent,
  ArgsRules,
  AuditActor,
  AuditArgs,
  AuditDecision,
  AuditDetail,
  AuditEffect,
  AuditEvent,
  AuditOutcome,
  AuditTool,
  CallIntent,
  CallOutcome,
  CallRefused,
  EntryRefused,
  FieldRule,
  LifeEvent,
  LogEvent,
  LogUnfinished,
  OwnEvent,
  ServerStarted,
  ToolChanged,
} from "./event.ts";
export { openAuditLog } from "./log/open-log.ts";
export { openAuditSlot } from "./log/open-slot.ts";
export { parseAnchor } from "./verify/parse-anchor.ts";
export type { Anchor, FirstBad, Head, LogReport, VerifyReport, VerifyStatus } from "./verify/report.ts";
export { type VerifyOptions, verifyAuditLog } from "./verify/verify.ts";
