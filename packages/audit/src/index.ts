export type { AuditLog, AuditLogOptions, Recovered, UnfinishedCall } from "./audit-log.ts";
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
export { type RotateOptions, rotateSigningKey } from "./log/rotate-folder.ts";
export type { Checkpoint } from "./note/checkpoint.ts";
export { parseVerifierKey, type VerifierKey } from "./note/verifier-key.ts";
export { checkProof, type ProofCheck } from "./prove/check-proof.ts";
export { type ProveOptions, proveRecord } from "./prove/prove.ts";
export { type RecordProof, tlogProof } from "./prove/record-proof.ts";
export { type CommandSignerOptions, commandSigner } from "./signer/command-signer.ts";
export { openFileSigner } from "./signer/file-signer.ts";
export type { Signer } from "./signer/signer.ts";
export type { Gap } from "./stats/gaps.ts";
export { type LogStats, logStats, type Ranking, type StatsOptions } from "./stats/stats.ts";
export type { Count } from "./stats/top-counter.ts";
export { type AnchorNote, parseAnchorNote, readAnchorNotes } from "./verify/anchor-notes.ts";
export { parseVerifierKeys } from "./verify/keys.ts";
export { listLogs } from "./verify/list-logs.ts";
export { parseAnchor } from "./verify/parse-anchor.ts";
export type { Anchor, FirstBad, Head, KeyUse, LogReport, VerifyReport, VerifyStatus } from "./verify/report.ts";
export { type VerifyOptions, verifyAuditLog } from "./verify/verify.ts";
export { verifyDefaults } from "./verify/verify-defaults.ts";
