export type { AuditRecord } from "./audit-record.ts";
export { csvColumns } from "./csv.ts";
export {
  type ExportChunk,
  type ExportFormat,
  type ExportOptions,
  exportFormats,
  exportRecords,
} from "./export-records.ts";
export type { Followed } from "./follow-log.ts";
export { type Judgement, judge, type Severity, type Status } from "./judge.ts";
export type { LoggedRecord } from "./line-check.ts";
export { OCSF_VERSION, type OcsfEvent } from "./ocsf/event.ts";
export { toOcsf } from "./ocsf/to-ocsf.ts";
export type { TornEnd } from "./read-log.ts";
export { type ReadOptions, type RecordFilter, readRecords } from "./read-records.ts";
export { type RecordType, recordTypes } from "./record-types.ts";
export { type TailOptions, tailRecords } from "./tail-records.ts";
