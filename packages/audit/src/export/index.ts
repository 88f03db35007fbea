export type { AuditRecord } from "./audit-record.ts";
export type { LoggedRecord } from "./line-check.ts";
export type { TornEnd } from "./read-log.ts";
export { type ReadOptions, type RecordFilter, readRecords } from "./read-records.ts";
export { type RecordType, recordTypes } from "./record-types.ts";
