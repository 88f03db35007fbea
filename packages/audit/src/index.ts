export type { AuditLog, AuditLogOptions } from "./audit-log.ts";
export { auditDefaults } from "./defaults.ts";
export { AuditError, type AuditErrorCode } from "./errors.ts";
export type {
  ApprovalEvent,
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
  LifeEvent,
  LogEvent,
  ServerStarted,
} from "./event.ts";
export { openAuditLog } from "./open-log.ts";
export { openAuditSlot } from "./open-slot.ts";
export { parseAnchor } from "./parse-anchor.ts";
export type { Anchor, FirstBad, Head, LogReport, VerifyReport, VerifyStatus } from "./report.ts";
export { type VerifyOptions, verifyAuditLog } from "./verify.ts";
