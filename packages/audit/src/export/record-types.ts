import type { AuditEvent, OwnEvent } from "../event.ts";

/** What a record may say happened. */
export type RecordType = AuditEvent["type"] | OwnEvent["type"];

/** An object and not a list, so that a type without its row does not compile. */
const KNOWN: Readonly<Record<RecordType, true>> = {
  "call.intent": true,
  "call.outcome": true,
  "call.refused": true,
  "entry.rejected": true,
  "auth.failed": true,
  "approval.requested": true,
  "approval.decided": true,
  "approval.consumed": true,
  "approval.expired": true,
  "server.started": true,
  "server.stopped": true,
  "config.loaded": true,
  weakening: true,
  "state.changed": true,
  "switch.changed": true,
  "tool.changed": true,
  "log.opened": true,
  "log.recovered": true,
  "log.segment": true,
  "log.pruned": true,
  "log.key_rotated": true,
  "log.unsigned": true,
  "log.signed": true,
  "log.digest_key": true,
  "log.digest_key_destroyed": true,
  "log.clock_stepped": true,
  "log.unfinished": true,
  "log.stopped": true,
};

/** Every type that this version writes. */
export const recordTypes: readonly RecordType[] = Object.keys(KNOWN) as RecordType[];
